import type { Cell } from '../../schemas/column.js';
import type { HeaderValues, InvalidValue, MultipleValue } from './header-values.js';
import { IDENTITY_TAGS, toIdentity } from './identity-tags.js';
import type { SelectedTag, TagSelection } from './selected-tag.js';

/** What an element gives to the column of one tag. */
export interface TagCell {
  /** Of the tag among `tagsToRead`. */
  readonly index: number;
  /** Of the place. */
  readonly rank: number;
  readonly cell: Cell;
}

/** What one element of a header gives to the columns. It can be used again for every header that has the element. */
export interface TagCells {
  /** Only those that hold something. */
  readonly cells: readonly TagCell[];
  readonly invalid: readonly InvalidValue[];
  readonly multiple: readonly MultipleValue[];
}

/** The selected tags, and after them those that every image is found by. */
export function tagsToRead(selection: TagSelection): readonly SelectedTag[] {
  return [...selection.tags, ...IDENTITY_TAGS];
}

const NOT_FOUND = 255;

const NO_IDENTITY: readonly Cell[] = IDENTITY_TAGS.map(() => null);

/** Puts the values of one header after the other together from what their elements give. */
export class HeaderCells {
  readonly #count: number;
  readonly #noCells: readonly Cell[];
  #cells: Cell[] = [];
  /** Rank of the place that each tag was found at so far. */
  readonly #ranks: Uint8Array;
  #identity: Cell[] = [];
  #invalid: InvalidValue[] = [];
  #multiple: MultipleValue[] = [];

  constructor(selection: TagSelection) {
    this.#count = selection.tags.length;
    this.#noCells = selection.tags.map(() => null);
    this.#ranks = new Uint8Array(this.#count);
  }

  /** Another header begins. */
  begin(): void {
    this.#cells = this.#noCells.slice();
    this.#ranks.fill(NOT_FOUND);
    this.#identity = NO_IDENTITY.slice();
    this.#invalid = [];
    this.#multiple = [];
  }

  /** Of several places of a tag the one of the least rank that holds anything counts. */
  add({ cells, invalid, multiple }: TagCells): void {
    for (let i = 0; i < cells.length; i++) {
      const { index, rank, cell } = cells[i]!;
      this.set(index, rank, cell);
    }
    if (invalid.length === 0 && multiple.length === 0) return;
    // What is wrong with an identity is reported where it is selected, or as a conflict.
    for (const value of invalid) if (value.index < this.#count) this.#addInvalid(value);
    for (const value of multiple) if (value.index < this.#count) this.#multiple.push(value);
  }

  /** A cell of a place, which holds something. */
  set(index: number, rank: number, cell: Cell): void {
    if (index >= this.#count) this.#identity[index - this.#count] = cell;
    else if (this.#isBest(index, rank)) this.#cells[index] = cell;
  }

  /** The values, what is wrong in the order of the selection. */
  finish(): HeaderValues {
    const invalid = this.#used(this.#invalid);
    const multiple = this.#used(this.#multiple);
    return { cells: this.#cells, invalid, multiple, identity: toIdentity(this.#identity) };
  }

  /** Those of the places that count, in the order of the selection. */
  #used<Value extends InvalidValue | MultipleValue>(values: Value[]): Value[] {
    // Of nearly all headers.
    if (values.length === 0) return values;
    return values.filter(({ index, rank }) => rank === this.#ranks[index]).sort(byIndex);
  }

  #addInvalid(value: InvalidValue): void {
    const { index, rank } = value;
    // A text with bytes that make no sense has a cell all the same, of the same rank.
    if (rank < this.#ranks[index]!) this.#cells[index] = null;
    this.#isBest(index, rank);
    this.#invalid.push(value);
  }

  #isBest(index: number, rank: number): boolean {
    if (rank > this.#ranks[index]!) return false;
    this.#ranks[index] = rank;
    return true;
  }
}

function byIndex(a: { readonly index: number }, b: { readonly index: number }): number {
  return a.index - b.index;
}
