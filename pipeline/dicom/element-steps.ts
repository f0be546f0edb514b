import { viewOf } from './bytes.js';
import { GivenCells, type DicomElement } from './dicom-element.js';
import {
  LONGEST_ELEMENT_HEADER,
  readElementHeader,
  UNDEFINED_LENGTH,
  type ElementHeader,
  type Surroundings,
} from './element-header.js';
import type { ElementMemory, HeaderMemories, TagMemory } from './element-memory.js';
import type { Encoding } from './encoding.js';
import { CutHeader, MalformedHeader } from './malformed-header.js';
import type { OddElements } from './odd-elements.js';
import { SequenceReader, type ReadValue } from './sequence-reader.js';
import { itemEncoding, UndefinedLength } from './undefined-length.js';

/** A longer value is not loaded, whatever it is. */
const LONGEST_VALUE = 60 * 1024 * 1024;
const META_GROUP = 0x0002;

/**
 * Steps from element to element of a header that is only partly read: wanted ones are read, others are stepped over by their
 * length, and need not be loaded.
 */
export class ElementSteps {
  /** The wanted elements in the order of the file, each tag once. */
  readonly elements: DicomElement[] = [];
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
  readonly #sequences: SequenceReader;
  /** The search for the end of an element that is stepped over. */
  #search: UndefinedLength | null = null;

  constructor(memories: HeaderMemories, position: number, around: Surroundings, odd: OddElements) {
    this.around = around;
    this.#odd = odd;
    this.#sequences = new SequenceReader(memories.sequences, odd);
    this.position = position;
  }

  /** Whether anything wanted of the dataset was met. */
  get hasValues(): boolean {
    return this.elements.some(({ tag }) => tag >>> 16 !== META_GROUP);
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

  /** Walks over one element; false when it is not wholly there. */
  step(bytes: Buffer, view: DataView, tag: number, encoding: Encoding, memory: ElementMemory): boolean {
    const at = this.position;
    const wanted = memory.find(tag);
    const known = wanted?.elements.recognise(view, at) ?? null;
    if (known !== null) {
      if (this.#affords(known.value)) this.#add(wanted!, memory, known.value);
      this.position += known.value.size;
      return true;
    }
    const odd = this.#odd.count;
    const header = this.header(bytes, tag, encoding);
    if (header === null) return false;
    if (header.odd !== null) this.#odd.note('vr', tag, at, `${header.odd}; it was taken by its length`);
    if (wanted === null || memory.wasSeen(wanted)) return this.#stepOver(bytes, header, encoding);
    const value = this.#read(bytes, encoding, header, wanted.isSequence);
    if (value === 'unread') return this.#stepOver(bytes, header, encoding);
    if (value === null) return false;
    const isOdd = this.#odd.count > odd;
    this.#add(wanted, memory, this.#keep(bytes, encoding, header, value, isOdd ? null : wanted));
    this.position = value.end;
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

  /** What is known of sequences is counted as if it were read again. */
  #affords({ tag, reads }: DicomElement): boolean {
    if (reads === 0) return true;
    try {
      this.#sequences.spend(reads);
      return true;
    } catch (error) {
      this.#unread(tag, 'sequence', error);
      return false;
    }
  }

  #stepOver(bytes: Buffer, { tag, vr, dataOffset, length }: ElementHeader, encoding: Encoding): boolean {
    const at = this.position;
    if (length !== UNDEFINED_LENGTH) {
      this.stepTo(dataOffset + length, at, tag);
      return true;
    }
    this.#search = new UndefinedLength(dataOffset, itemEncoding(vr, encoding));
    this.droppable = at;
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

  /**
   * The value of a wanted element, and where it ends; null when it is not wholly within the bytes, 'unread' when it cannot
   * be read, but may be stepped over.
   */
  #read(
    bytes: Buffer,
    encoding: Encoding,
    header: ElementHeader,
    isSequence: boolean,
  ): ReadValue | null | 'unread' {
    const { tag, length, dataOffset } = header;
    const end = dataOffset + length;
    if (length !== UNDEFINED_LENGTH && length > LONGEST_VALUE)
      return this.#unread(tag, 'length', `has ${length} bytes, which are not read`);
    if (length !== UNDEFINED_LENGTH && end > bytes.length) {
      this.more(tag, end);
      return null;
    }
    if (!isSequence && length === UNDEFINED_LENGTH)
      return this.#unread(tag, 'length', 'has a length that is not defined, and is no sequence');
    if (!isSequence) return { length, items: null, end, reads: 0 };
    try {
      const value = this.#sequences.read(bytes, encoding, header);
      if (value === null && bytes.length - dataOffset > LONGEST_VALUE)
        return this.#unread(tag, 'length', `does not end within ${LONGEST_VALUE} bytes; it is not read`);
      if (value === null) this.more(tag, bytes.length + 1);
      return value;
    } catch (error) {
      return this.#unread(tag, 'sequence', error);
    }
  }

  /** @param reason in words, or what a sequence was refused with */
  #unread(tag: number, oddity: 'length' | 'sequence', reason: unknown): 'unread' {
    if (typeof reason !== 'string' && !(reason instanceof MalformedHeader)) throw reason;
    const text = typeof reason === 'string' ? reason : `${reason.clause}; it was stepped over`;
    this.#odd.note(oddity, tag, this.position, text);
    return 'unread';
  }

  /** The element of a value that was just read; remembered by its tag where that is worth it. */
  #keep(
    bytes: Buffer,
    encoding: Encoding,
    header: ElementHeader,
    value: ReadValue,
    wanted: TagMemory | null,
  ): DicomElement {
    const start = this.position;
    const size = value.end - start;
    if (wanted === null || !wanted.elements.wants(size))
      return elementOf(bytes, header, value, size, encoding);
    // With bytes of its own it outlives the file. It is read once more, and counted once.
    const own = Buffer.from(bytes.subarray(start, value.end));
    const moved = { ...header, dataOffset: header.dataOffset - start };
    this.#sequences.unspend(value.reads);
    const again = value.items === null ? value : this.#sequences.read(own, encoding, moved)!;
    const element = elementOf(own, moved, again, size, encoding);
    wanted.elements.remember(viewOf(own), 0, size, element);
    return element;
  }

  /** An element that stands twice breaks the standard; the first counts, as in dcmtk. */
  #add(wanted: TagMemory, memory: ElementMemory, element: DicomElement): void {
    if (memory.wasSeen(wanted) || this.isKnownMeta(wanted.tag)) return;
    memory.markSeen(wanted);
    this.elements.push(element);
  }

  /** Of the file meta group an element may stand again, in whatever encoding. */
  isKnownMeta(tag: number): boolean {
    return tag >>> 16 === META_GROUP && this.elements.some((element) => element.tag === tag);
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

function elementOf(
  bytes: Buffer,
  header: ElementHeader,
  value: ReadValue,
  size: number,
  { bigEndian }: Encoding,
): DicomElement {
  const { tag, vr, dataOffset: offset } = header;
  const { length, items, reads } = value;
  return { tag, bytes, vr, offset, length, bigEndian, items, size, reads, given: new GivenCells() };
}
