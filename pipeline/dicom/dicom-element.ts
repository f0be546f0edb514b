import type { TagCells } from './header-cells.js';

/** What the values of a header are read by beside the elements themselves; one object for each that there is. */
export interface HeaderContext {
  /** SpecificCharacterSet, components joined by a backslash; '' for the default repertoire. */
  readonly characterSet: string;
  /** US/SS elements are signed. */
  readonly signed: boolean;
}

/** An element of a dataset whose value lies wholly within `bytes`. */
export interface ElementValue {
  readonly bytes: Buffer;
  /** VR that stands in the file; null where it is implicit. */
  readonly vr: string | null;
  /** Of the value in `bytes`. */
  readonly offset: number;
  readonly length: number;
  readonly bigEndian: boolean;
  /** Items of a sequence; null when the element was not read as a sequence. */
  readonly items: readonly SequenceItem[] | null;
}

/** The elements of an item by their tags. */
export type SequenceItem = ReadonlyMap<number, ElementValue>;

/** A wanted element of a header; it is not changed once it was read, and may be met again in other headers. */
export interface DicomElement extends ElementValue {
  readonly tag: number;
  /** What it gave to the columns. */
  readonly given: GivenCells;
}

/** An element that was met in a header, as it is remembered by its bytes: header, value and delimiter. */
export interface MetElement {
  /** How many items and elements it holds, as far as they were read. */
  readonly reads: number;
  /** The element; null where its bytes alone tell what it gives to the columns, whatever the header says beside it. */
  readonly element: DicomElement | null;
  /** What it gives then. */
  readonly cells: TagCells;
}

/** What an element gave to the columns in the context that it was read in last. */
export class GivenCells {
  #context: HeaderContext | null = null;
  #cells: TagCells | null = null;

  /** Null when it was not read in this context. */
  in(context: HeaderContext): TagCells | null {
    return this.#context === context ? this.#cells : null;
  }

  keep(context: HeaderContext, cells: TagCells): TagCells {
    this.#context = context;
    this.#cells = cells;
    return cells;
  }
}
