import { viewOf } from './bytes.js';
import type { ElementValue, SequenceItem } from './dicom-element.js';
import {
  ITEM,
  ITEM_DELIMITER,
  ITEM_GROUP,
  LONGEST_ELEMENT_HEADER,
  readElementHeader,
  SEQUENCE_DELIMITER,
  tagAt,
  UNDEFINED_LENGTH,
  type ElementHeader,
} from './element-header.js';
import type { Encoding } from './encoding.js';
import { CutHeader, MalformedHeader } from './malformed-header.js';
import type { OddElements } from './odd-elements.js';
import { plainLength, plainValueAt } from './plain-header.js';
import { DEEPEST, itemEncoding, UndefinedLength } from './undefined-length.js';

/** The value of an element, and where what comes after it begins. */
export interface ReadValue {
  readonly length: number;
  readonly items: readonly SequenceItem[] | null;
  readonly end: number;
  /** How many items and elements were read. */
  readonly reads: number;
}

/** Items and elements that the wanted sequences of a header may hold: far more than any that makes sense. */
const MOST_READS = 300_000;

/** What of sequences is read. */
export interface SequenceTags {
  /** Sequences that are gone into, at whatever depth they stand. */
  readonly sequences: ReadonlySet<number>;
  /** Elements that are kept of their items; null for all. */
  readonly within: ReadonlySet<number> | null;
}

/** Of an item of which nothing is kept: hundreds of frames are such. */
const NO_ELEMENTS: SequenceItem = new Map();

/** Where the reading of a sequence is. */
interface Cursor {
  readonly bytes: Buffer;
  readonly view: DataView;
  at: number;
  reads: number;
  depth: number;
}

/** Reads the wanted sequences of one header: of their items only what selected tags may be, or go into. */
export class SequenceReader {
  readonly #tags: SequenceTags;
  readonly #odd: OddElements;
  #left = MOST_READS;

  constructor(tags: SequenceTags, odd: OddElements) {
    this.#tags = tags;
    this.#odd = odd;
  }

  /**
   * Counts what was read, also when it was met before: what is refused does not depend on that.
   * @throws MalformedHeader
   */
  spend(reads: number): void {
    const left = this.#left - reads;
    this.#left = Math.max(0, left);
    if (left < 0) throw new MalformedHeader('holds too many elements');
  }

  /** What is read twice counts once. */
  unspend(reads: number): void {
    this.#left += reads;
  }

  /**
   * Reads an element with items.
   * @returns null when it has undefined length, and its end is not within the bytes
   * @throws MalformedHeader where it is no sound sequence: what it is, as the clause of a sentence
   */
  read(bytes: Buffer, inDataset: Encoding, header: ElementHeader): ReadValue | null {
    const cursor: Cursor = { bytes, view: viewOf(bytes), at: header.dataOffset, reads: 0, depth: 0 };
    const isOpen = header.length === UNDEFINED_LENGTH;
    const end = isOpen ? null : header.dataOffset + header.length;
    try {
      const items = this.#items(cursor, end, itemEncoding(header.vr, inDataset));
      return { length: cursor.at - header.dataOffset, items, end: cursor.at, reads: cursor.reads };
    } catch (error) {
      if (isOpen && error instanceof CutHeader) return null;
      throw error;
    }
  }

  /** @param end offset of the end; null where a delimiter stands there */
  #items(cursor: Cursor, end: number | null, encoding: Encoding): SequenceItem[] {
    if (++cursor.depth > DEEPEST) throw new MalformedHeader('is nested too deep');
    const items: SequenceItem[] = [];
    while (cursor.at !== end) {
      const tag = nextTag(cursor, end, encoding);
      const length = cursor.view.getUint32(cursor.at + 4, !encoding.bigEndian);
      cursor.at += 8;
      if (tag === SEQUENCE_DELIMITER && end === null) break;
      if (tag !== ITEM) throw new MalformedHeader('holds something that is no item');
      this.#count(cursor);
      const itemEnd = length === UNDEFINED_LENGTH ? null : within(cursor.at + length, cursor, end);
      items.push(this.#item(cursor, itemEnd, end, encoding));
    }
    cursor.depth--;
    return items;
  }

  #item(cursor: Cursor, end: number | null, outerEnd: number | null, encoding: Encoding): SequenceItem {
    let elements: Map<number, ElementValue> | null = null;
    const limit = end ?? outerEnd;
    while (cursor.at !== end) {
      const tag = nextTag(cursor, limit, encoding);
      if (end === null && tag === ITEM_DELIMITER) cursor.at += 8;
      // A delimiter of the sequence stands for that of the item, which was left out.
      if (end === null && (tag === ITEM_DELIMITER || tag === SEQUENCE_DELIMITER)) break;
      if (!this.#keeps(tag) && this.#skipPlain(cursor, tag, limit, encoding)) continue;
      const value = this.#element(cursor, tag, limit, encoding);
      if (!this.#keeps(tag)) continue;
      elements ??= new Map();
      if (!elements.has(tag)) elements.set(tag, value);
    }
    return elements ?? NO_ELEMENTS;
  }

  #keeps(tag: number): boolean {
    const { within } = this.#tags;
    return within === null || within.has(tag);
  }

  /** Steps over an element that is not wanted, in little endian; false where that needs a closer look. */
  #skipPlain(cursor: Cursor, tag: number, limit: number | null, encoding: Encoding): boolean {
    const { view, at } = cursor;
    if (encoding.bigEndian || tag >>> 16 === ITEM_GROUP || this.#tags.sequences.has(tag)) return false;
    if (at + LONGEST_ELEMENT_HEADER > view.byteLength) return false;
    const offset = plainValueAt(view, at, encoding.explicit);
    const length = offset === -1 ? UNDEFINED_LENGTH : plainLength(view, at, offset, encoding.explicit);
    if (length === UNDEFINED_LENGTH) return false;
    this.#count(cursor);
    cursor.at = within(offset + length, cursor, limit);
    return true;
  }

  #element(cursor: Cursor, tag: number, limit: number | null, encoding: Encoding): ElementValue {
    const { bytes, at } = cursor;
    const header = readElementHeader(bytes, at, tag, encoding, { end: limit ?? Infinity, look: null });
    if (header === null) throw cutOr(limit, 'its last element is cut');
    if (header.odd !== null) this.#odd.note('vr', tag, at, `${header.odd}; it was taken by its length`);
    this.#count(cursor);
    const { vr, dataOffset: offset, length } = header;
    const isOpen = length === UNDEFINED_LENGTH;
    const end = isOpen ? null : within(offset + length, cursor, limit);
    cursor.at = offset;
    let items: SequenceItem[] | null = null;
    if (this.#tags.sequences.has(tag) && (vr === null || vr === 'SQ' || vr === 'UN'))
      items = this.#items(cursor, end, itemEncoding(vr, encoding));
    else cursor.at = end ?? endOf(bytes, offset, itemEncoding(vr, encoding), limit);
    return { bytes, vr, offset, length: cursor.at - offset, bigEndian: encoding.bigEndian, items };
  }

  #count(cursor: Cursor): void {
    this.spend(1);
    cursor.reads++;
  }
}

/** The tag at the cursor, with eight bytes there. */
function nextTag({ bytes, view, at }: Cursor, limit: number | null, encoding: Encoding): number {
  if (limit !== null && at + 8 > limit) throw new MalformedHeader('its items do not end where it does');
  if (at + 8 > bytes.length) throw cutOr(limit, 'it ends within an element');
  return tagAt(view, at, encoding.bigEndian);
}

/** An end, where it is not after that of what holds it. */
function within(end: number, { bytes }: Cursor, limit: number | null): number {
  if (limit !== null && end > limit) throw new MalformedHeader('holds something that is longer than itself');
  if (end > bytes.length) throw cutOr(limit, 'it ends within an element');
  return end;
}

/** The end of an element of undefined length that is not gone into. */
function endOf(bytes: Buffer, offset: number, encoding: Encoding, limit: number | null): number {
  const search = new UndefinedLength(offset, encoding);
  const isEnded = search.scan(limit === null ? bytes : bytes.subarray(0, limit));
  if (!isEnded) throw cutOr(limit, 'holds a sequence without end');
  return search.position;
}

/** Where the end is known, more bytes do not help. */
function cutOr(limit: number | null, reason: string): MalformedHeader {
  return limit === null ? new CutHeader(reason) : new MalformedHeader(reason);
}
