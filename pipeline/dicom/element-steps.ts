import {
  LONGEST_ELEMENT_HEADER,
  readElementHeader,
  UNDEFINED_LENGTH,
  type ElementHeader,
  type Surroundings,
} from './element-header.js';
import type { ElementMemory, HeaderMemories, TagMemory } from './element-memory.js';
import { ElementReader } from './element-reader.js';
import type { Encoding } from './encoding.js';
import type { FoundElements } from './found-elements.js';
import { plainLength, plainTagAt, plainValueAt } from './plain-header.js';
import { vrAt } from './value-representation.js';
import { CutHeader, MalformedHeader } from './malformed-header.js';
import type { OddElements } from './odd-elements.js';
import { itemEncoding, UndefinedLength } from './undefined-length.js';

/** Of a dataset. */
const FIRST_TAG = 0x00080000;
/** A longer value gets a closer look. */
const LONGEST_PLAIN = 1024 * 1024;
/** Of the elements that hold pixels. */
const FIRST_PIXEL_TAG = 0x7fe00008;

/**
 * Steps from element to element of a header that is only partly read: wanted ones are read, others are stepped over by their
 * length, and need not be loaded.
 */
export class ElementSteps {
  readonly found: FoundElements;
  /** Offset of what comes next; past the bytes where something was stepped over that is not wholly there. */
  position: number;
  /** Bytes that must be there to go on, as far as is known. */
  needed = 0;
  /** The element that is not wholly there, and where bytes begin that need not be kept for it. */
  unfinished: number | null = null;
  droppable: number | null = null;
  /** The dataset, as far as it is not loaded. */
  around: Surroundings;
  readonly #odd: OddElements;
  readonly #reader: ElementReader;
  /** The search for the end of an element that is stepped over. */
  #search: UndefinedLength | null = null;

  constructor(
    memories: HeaderMemories,
    found: FoundElements,
    position: number,
    around: Surroundings,
    odd: OddElements,
  ) {
    this.around = around;
    this.found = found;
    this.#odd = odd;
    this.#reader = new ElementReader(memories.tags, odd);
    this.position = position;
  }

  /** Tells that the bytes from `droppable` to `position` are gone. */
  dropped(): void {
    this.#odd.origin += this.position - this.droppable!;
    this.position = this.droppable!;
    if (this.#search !== null) this.#search.position = this.position;
  }

  /** Goes on with what was begun with fewer bytes; false when it takes still more. */
  goOn(bytes: Buffer): boolean {
    return this.#search === null || this.#goOnSearching(bytes);
  }

  /**
   * Goes over elements of a dataset, in little endian, for as long as nothing about them needs a closer look: each has a tag
   * above the one before, an even length, and is wholly within the bytes, and not at their end.
   * @param last tag of the element before
   * @returns that of the last one that was gone over
   */
  walkPlain(bytes: Buffer, view: DataView, last: number, encoding: Encoding, memory: ElementMemory): number {
    let before = last;
    for (;;) {
      const at = this.position;
      if (encoding.bigEndian || at + LONGEST_ELEMENT_HEADER > view.byteLength) return before;
      const tag = plainTagAt(view, at);
      if (tag <= before || tag < FIRST_TAG || tag >= FIRST_PIXEL_TAG) return before;
      const next = this.#plainStep(bytes, view, tag, encoding, memory);
      if (next === at) return before;
      this.position = next;
      this.droppable = null;
      before = tag;
    }
  }

  /** Offset of what comes after a plain element; its own where it needs a closer look. */
  #plainStep(bytes: Buffer, view: DataView, tag: number, encoding: Encoding, memory: ElementMemory): number {
    const at = this.position;
    const place = memory.find(tag);
    if (place !== null && memory.wasSeen(place)) return at;
    const known = place?.elements?.recognise(view, at) ?? null;
    if (known !== null) {
      const { value } = known;
      if ((known.length & 1) === 1) return at;
      if (this.#reader.affords(tag, value.reads, at)) this.found.addMet(place!, memory, value);
      return at + known.length;
    }
    return this.#plainNew(bytes, view, tag, encoding, memory, place);
  }

  /** As #plainStep, of one that was not met before, or is not wanted. */
  #plainNew(
    bytes: Buffer,
    view: DataView,
    tag: number,
    encoding: Encoding,
    memory: ElementMemory,
    place: TagMemory | null,
  ): number {
    const at = this.position;
    const isExplicit = encoding.explicit;
    const dataOffset = plainValueAt(view, at, isExplicit);
    const length = dataOffset === -1 ? 1 : plainLength(view, at, dataOffset, isExplicit);
    const end = dataOffset + length;
    // An undefined length is odd, too.
    if ((length & 1) === 1 || length > LONGEST_PLAIN || end + 8 > view.byteLength) return at;
    if (place === null || !place.isWanted) return end;
    if (place.isSequence) return at;
    const vr = isExplicit ? vrAt(bytes, at + 4) : null;
    if (this.#addCell(bytes, view, vr, dataOffset, end, place, memory)) return end;
    const header = { tag, vr, dataOffset, length, odd: null };
    const value = { length, items: null, end, reads: 0 };
    this.found.add(place, memory, this.#reader.keep(bytes, at, encoding, header, value, place));
    return end;
  }

  /** Walks over one element; false when it is not wholly there. */
  step(bytes: Buffer, view: DataView, tag: number, encoding: Encoding, memory: ElementMemory): boolean {
    const at = this.position;
    const wanted = memory.find(tag);
    const known = wanted?.elements?.recognise(view, at) ?? null;
    if (known !== null) {
      if (this.#reader.affords(tag, known.value.reads, at) && !this.found.isAdded(wanted!, memory))
        this.found.addMet(wanted!, memory, known.value);
      this.position += known.length;
      return true;
    }
    return this.#stepNew(bytes, view, tag, encoding, memory, wanted);
  }

  /** As step, over an element that was not met before. */
  #stepNew(
    bytes: Buffer,
    view: DataView,
    tag: number,
    encoding: Encoding,
    memory: ElementMemory,
    wanted: TagMemory | null,
  ): boolean {
    const at = this.position;
    const odd = this.#odd.count;
    const header = this.header(bytes, tag, encoding);
    if (header === null) return false;
    if (header.odd !== null) this.#odd.note('vr', tag, at, `${header.odd}; it was taken by its length`);
    const isRead = wanted?.isWanted === true && !memory.wasSeen(wanted);
    const value = isRead ? this.#reader.read(bytes, at, encoding, header, wanted.isSequence) : 'unread';
    if (value === 'unread') return this.#stepOver(bytes, header, encoding);
    if (typeof value === 'number') {
      this.more(tag, value);
      return false;
    }
    const isOdd = this.#odd.count > odd;
    const { vr, dataOffset } = header;
    if (isOdd || !this.#addCell(bytes, view, vr, dataOffset, value.end, wanted!, memory)) {
      const element = this.#reader.keep(bytes, at, encoding, header, value, isOdd ? null : wanted);
      if (!this.found.isAdded(wanted!, memory)) this.found.add(wanted!, memory, element);
    }
    this.position = value.end;
    return true;
  }

  /** Adds the new element at `position` by its cell; false where its bytes need a closer look. */
  #addCell(
    bytes: Buffer,
    view: DataView,
    vr: string | null,
    dataOffset: number,
    end: number,
    wanted: TagMemory,
    memory: ElementMemory,
  ): boolean {
    const { plain } = wanted;
    const cell = plain === null ? null : plain.cell(bytes, vr, dataOffset, end - dataOffset);
    if (cell === null) return false;
    this.found.addCell(wanted, memory, cell);
    wanted.rememberCell(view, this.position, end, cell);
    return true;
  }

  /** The header of the element at `position`; null when it is not wholly there. */
  header(bytes: Buffer, tag: number, encoding: Encoding): ElementHeader | null {
    try {
      const header = readElementHeader(bytes, this.position, tag, encoding, this.around);
      if (header === null) this.more(tag, this.position + LONGEST_ELEMENT_HEADER);
      return header;
    } catch (error) {
      throw this.#cannotGoOn(tag, error);
    }
  }

  #stepOver(bytes: Buffer, { tag, vr, dataOffset, length }: ElementHeader, encoding: Encoding): boolean {
    if (length !== UNDEFINED_LENGTH) {
      this.stepTo(dataOffset + length, this.position, tag);
      return true;
    }
    this.#search = new UndefinedLength(dataOffset, itemEncoding(vr, encoding));
    this.droppable = this.position;
    this.unfinished = tag;
    return this.#goOnSearching(bytes);
  }

  /** Goes on at a position, which may be past the bytes; those from `droppable` on are no longer needed. */
  stepTo(position: number, droppable: number, tag: number): void {
    this.position = position;
    this.droppable = droppable;
    this.unfinished = tag;
  }

  #goOnSearching(bytes: Buffer): boolean {
    const search = this.#search!;
    try {
      const isEnded = search.scan(bytes);
      this.position = search.position;
      if (isEnded) this.#search = null;
      else this.more(this.unfinished, this.position + LONGEST_ELEMENT_HEADER);
      return isEnded;
    } catch (error) {
      throw this.#cannotGoOn(this.unfinished!, error);
    }
  }

  #cannotGoOn(tag: number, error: unknown): unknown {
    if (!(error instanceof MalformedHeader) || error instanceof CutHeader) return error;
    return new MalformedHeader(error.clause, this.#odd.place(tag, this.droppable ?? this.position));
  }

  /** Says what it takes to go on. */
  more(tag: number | null, needed: number): 'more' {
    this.unfinished = tag;
    this.needed = needed;
    return 'more';
  }
}
