import type { Cell } from '../../schemas/column.js';
import { tagsToRead, type TagCells } from './header-cells.js';
import { invalidCell, rawText, toCell, type InvalidValue, type MultipleValue } from './header-values.js';
import { valuesIn, type JsonValues } from './json-values.js';
import { indexByElement, type SelectedTag, type TagSelection } from './tag-selection.js';

/** One element of a header in DICOM JSON, and what it gives to the columns. */
export interface JsonElement extends TagCells {
  /** Key in the file. */
  readonly key: string;
  readonly element: unknown;
  /** Index of the tag whose column holds the element wholly; null when none does. */
  readonly heldBy: number | null;
  /** The element as a member of a JSON text, where no column holds it: `"00091001":{…}`. */
  readonly text: string;
}

/** Reads single elements; a tag that needs more than one, those of private blocks, is told to it as found. */
export class JsonElementReader {
  readonly #tags: readonly SelectedTag[];
  readonly #columns: number;
  /** Indices of the tags, by the key of the element that they are in. */
  readonly #byKey: ReadonlyMap<string, readonly number[]>;

  constructor(selection: TagSelection) {
    this.#tags = tagsToRead(selection);
    this.#columns = selection.tags.length;
    this.#byKey = indexByElement(this.#tags, ({ key }) => key);
  }

  /**
   * @param key in the file
   * @param standardKey the key in capitals, where the element is the one that it stands for; else null
   * @param text the element as a member of a JSON text, where that costs less than to write it
   */
  read(key: string, standardKey: string | null, element: unknown, text?: () => string): JsonElement {
    const indices = standardKey === null ? undefined : this.#byKey.get(standardKey);
    if (indices !== undefined) return this.#read(key, element, indices, text);
    return {
      key,
      element,
      cells: NONE,
      invalid: NONE,
      multiple: NONE,
      heldBy: null,
      text: text?.() ?? memberText(key, element),
    };
  }

  /** @param indices of the tags of private blocks that are this element */
  readPrivate(key: string, element: unknown, indices: readonly number[]): JsonElement {
    return this.#read(key, element, indices);
  }

  #read(key: string, element: unknown, indices: readonly number[], text?: () => string): JsonElement {
    const cells: { index: number; cell: Cell }[] = [];
    const invalid: InvalidValue[] = [];
    const multiple: MultipleValue[] = [];
    let heldBy: number | null = null;
    for (const index of indices) {
      const tag = this.#tags[index]!;
      const found = valuesIn(element, tag, 0);
      if (found === null) continue;
      const result = found.components === null ? invalidCell(tag) : toCell(tag, found.components);
      if (!('cell' in result)) {
        invalid.push({ index, ...result, raw: rawText(found.raw) });
        continue;
      }
      if (result.cell !== null) cells.push({ index, cell: result.cell });
      if (result.multiple) multiple.push({ index, values: found.components ?? [] });
      else if (heldBy === null && index < this.#columns && holds(tag, found, result.cell)) heldBy = index;
    }
    const member = heldBy === null ? (text?.() ?? memberText(key, element)) : '';
    return { key, element, cells, invalid, multiple, heldBy, text: member };
  }
}

/** Of an element that no column is made of. */
const NONE: readonly never[] = [];

function memberText(key: string, element: unknown): string {
  return `${JSON.stringify(key)}:${JSON.stringify(element)}`;
}

/** True when the element could be written again from its cell: numbers and dates have several spellings. */
function holds(tag: SelectedTag, values: JsonValues, cell: Cell): boolean {
  if (!values.exact || tag.path.length > 1) return false;
  const { type } = tag.column;
  if (type === 'string' || type === 'list<string>') return true;
  if (type === 'date' || type === 'list<date>')
    return values.components!.every((text) => text === '' || String(text).length === 8);
  for (let i = 0; i < values.raw.length; i++) {
    const part = values.raw[i];
    if (part !== '' && part !== null && !isSame(part, Array.isArray(cell) ? cell[i] : cell)) return false;
  }
  return true;
}

function isSame(part: unknown, cell: unknown): boolean {
  return typeof part === 'string' ? part === String(cell) : part === cell;
}
