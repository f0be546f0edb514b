import type { Cell } from '../../schemas/column.js';
import { SUMMARY_TAGS } from '../../schemas/tables/image-summary.js';
import type { HeaderValues } from '../dicom/header-values.js';
import { firstValue } from '../semantics/image.js';
import type { TagSelection } from '../dicom/tag-selection.js';

/** The headers whose cells are looked up; null where an image has none that can be read. */
type Header = Pick<HeaderValues, 'cells'> | null;

/**
 * Finds the few cells of a header that more is made of than their own column. Those are looked up by the usual name of
 * their column: a user's own selection may lack it, or give the name another type. Made once for a selection.
 */
export class SelectedTags {
  readonly #places: ReadonlyMap<string, number>;
  readonly #summary: readonly (number | undefined)[];

  constructor(readonly selection: TagSelection) {
    this.#places = new Map(selection.tags.map(({ column }, index) => [column.name, index]));
    this.#summary = SUMMARY_TAGS.map(([name]) => this.#places.get(name));
  }

  /** Null where the column holds something else than one text. */
  text(header: Header, column: string): string | null {
    const cell = this.#cell(header, column);
    return typeof cell === 'string' ? cell : null;
  }

  number(header: Header, column: string): number | null {
    const cell = this.#cell(header, column);
    return typeof cell === 'number' ? cell : null;
  }

  /** Null for an empty list too. */
  numbers(header: Header, column: string): readonly number[] | null {
    const cell = this.#cell(header, column);
    return Array.isArray(cell) && typeof cell[0] === 'number' ? (cell as readonly number[]) : null;
  }

  /** Empty where there is none. */
  texts(header: Header, column: string): readonly string[] {
    const cell = this.#cell(header, column);
    return Array.isArray(cell) && typeof cell[0] === 'string' ? (cell as readonly string[]) : [];
  }

  /** The cells of SUMMARY_TAGS, in their order; a list gives its first value. */
  summary(header: Header): Cell[] {
    const cells: Cell[] = [];
    for (let i = 0; i < SUMMARY_TAGS.length; i++) {
      const place = this.#summary[i];
      const cell = place === undefined || header === null ? null : (header.cells[place] ?? null);
      cells.push(cell === null ? null : fitting(firstValue(cell), SUMMARY_TAGS[i]![1]));
    }
    return cells;
  }

  #cell(header: Header, column: string): Cell {
    const place = this.#places.get(column);
    return place === undefined || header === null ? null : (header.cells[place] ?? null);
  }
}

/** The value where it is of a column's type, else null. */
function fitting(value: ReturnType<typeof firstValue>, type: (typeof SUMMARY_TAGS)[number][1]): Cell {
  if (type === 'string') return typeof value === 'string' ? value : null;
  if (typeof value !== 'number') return null;
  return type === 'double' || (value | 0) === value ? value : null;
}
