import type { Cell } from '../../schemas/column.js';
import type { HeaderValues, InvalidValue, MultipleValue } from './header-values.js';
import { IDENTITY_TAGS, toIdentity } from './identity-tags.js';
import type { SelectedTag, TagSelection } from './selected-tag.js';

/** What one element of a header gives to the columns. It can be used again for every header that has the element. */
export interface TagCells {
  /** Index of the tag among `tagsToRead`, and its cell; only cells that hold something. */
  readonly cells: readonly { readonly index: number; readonly cell: Cell }[];
  readonly invalid: readonly InvalidValue[];
  readonly multiple: readonly MultipleValue[];
}

/** The selected tags, and after them those that every image is found by. */
export function tagsToRead(selection: TagSelection): readonly SelectedTag[] {
  return [...selection.tags, ...IDENTITY_TAGS];
}

/** Puts the values of a header together from what its elements give. */
export class HeaderCells {
  readonly #count: number;
  readonly #cells: Cell[];
  readonly #identity = new Array<Cell>(IDENTITY_TAGS.length).fill(null);
  readonly #invalid: InvalidValue[] = [];
  readonly #multiple: MultipleValue[] = [];

  constructor(selection: TagSelection) {
    this.#count = selection.tags.length;
    this.#cells = new Array<Cell>(this.#count).fill(null);
  }

  add({ cells, invalid, multiple }: TagCells): void {
    for (let i = 0; i < cells.length; i++) {
      const { index, cell } = cells[i]!;
      if (index < this.#count) this.#cells[index] = cell;
      else this.#identity[index - this.#count] = cell;
    }
    // What is wrong with an identity is reported where it is selected, or as a conflict.
    for (const value of invalid) if (value.index < this.#count) this.#invalid.push(value);
    for (const value of multiple) if (value.index < this.#count) this.#multiple.push(value);
  }

  /** The values, what is wrong in the order of the selection. */
  finish(): HeaderValues {
    const invalid = this.#invalid.sort(byIndex);
    const multiple = this.#multiple.sort(byIndex);
    return { cells: this.#cells, invalid, multiple, identity: toIdentity(this.#identity) };
  }
}

function byIndex(a: { readonly index: number }, b: { readonly index: number }): number {
  return a.index - b.index;
}
