import { viewOf } from './bytes.js';
import { GivenCells, type DicomElement } from './dicom-element.js';
import {
  ITEM_GROUP,
  LONGEST_ELEMENT_HEADER,
  readElementHeader,
  tagAt,
  UNDEFINED_LENGTH,
  type ElementHeader,
} from './element-header.js';
import type { ElementMemory, HeaderMemories, TagMemory } from './element-memory.js';
import { EXPLICIT_LITTLE, type Encoding } from './encoding.js';
import { MalformedHeader } from './malformed-header.js';
import { SequenceReader, type ReadValue } from './sequence-reader.js';
import { formatTag } from './value-representation.js';

export interface PixelElement {
  /** Where the element starts, and where its value does. */
  readonly offset: number;
  readonly dataOffset: number;
  /** Declared length of the value in bytes; null when undefined (encapsulated). */
  readonly length: number | null;
}

/** What a walk came to: the end of what it looks for, the end of the bytes, or an element that is not wholly there. */
export type WalkOutcome = 'done' | 'end' | 'more';

const META_GROUP = 0x0002;
/** Groups below are those of commands and of the file meta information. */
const FIRST_DATASET_TAG = 0x00040000;
const PIXEL_TAGS: ReadonlySet<number> = new Set([0x7fe00008, 0x7fe00009, 0x7fe00010]);
const FIRST_PIXEL_TAG = 0x7fe00008;
const LAST_PIXEL_TAG = 0x7fe00010;

/**
 * A walk over the top-level elements of a dataset that is only partly read. It stops before the first element that
 * is not wholly there, and goes on from it when there are more bytes.
 */
export class HeaderWalk {
  /** The wanted elements in the order of the file, each tag once. */
  readonly elements: DicomElement[] = [];
  pixel: PixelElement | null = null;
  /** Bytes that must be there for the next element, as far as is known. */
  needed = 0;
  /** The element that was not wholly there. */
  unfinished: number | null = null;
  readonly #memories: HeaderMemories;
  readonly #sequences = new SequenceReader();
  #position: number;

  constructor(memories: HeaderMemories, position: number) {
    this.#memories = memories;
    memories.begin();
    this.#position = position;
  }

  /** Offset of the first element that has not been walked over. */
  get position(): number {
    return this.#position;
  }

  /** Walks over the file meta group, which is always explicit little endian; 'done' at the first other group. */
  walkMeta(bytes: Buffer): WalkOutcome {
    return this.#walk(bytes, EXPLICIT_LITTLE, true);
  }

  /**
   * Walks over the dataset.
   * @returns 'done' when the pixel data or an element after it was met, 'end' when the bytes end with an element,
   *   'more' when they end within one
   * @throws MalformedHeader
   */
  walkDataset(bytes: Buffer, encoding: Encoding): WalkOutcome {
    return this.#walk(bytes, encoding, false);
  }

  #walk(bytes: Buffer, encoding: Encoding, isMeta: boolean): WalkOutcome {
    const memory = this.#memories.of(encoding, isMeta);
    const view = viewOf(bytes);
    while (this.#position < bytes.length) {
      if (this.#position + 8 > bytes.length) return this.#more(null, this.#position + 8);
      const tag = tagAt(view, this.#position, encoding.bigEndian);
      if (isMeta && tag >>> 16 !== META_GROUP) return 'done';
      const wanted = isMeta || tag >= FIRST_DATASET_TAG ? memory.find(tag) : null;
      const known = wanted?.elements.recognise(view, this.#position) ?? null;
      if (known !== null) {
        const element = known.value;
        this.#sequences.spend(element.reads);
        this.#add(wanted!, memory, element);
        this.#position += element.size;
        continue;
      }
      const header = readElementHeader(bytes, this.#position, tag, encoding);
      if (header === null) return this.#more(null, this.#position + LONGEST_ELEMENT_HEADER);
      if (!isMeta && this.#isPastHeader(header)) return 'done';
      if (!this.#walkElement(bytes, encoding, header, wanted, memory)) return 'more';
    }
    return 'end';
  }

  /** Walks over an element that was not met before; false when it is not wholly there. */
  #walkElement(
    bytes: Buffer,
    encoding: Encoding,
    header: ElementHeader,
    wanted: TagMemory | null,
    memory: ElementMemory,
  ): boolean {
    const value = this.#readValue(bytes, encoding, header, wanted?.isSequence === true, this.#position);
    if (value === null) return false;
    if (wanted !== null && !memory.wasSeen(wanted))
      this.#add(wanted, memory, this.#keep(bytes, encoding, header, value, wanted));
    this.#position = value.end;
    return true;
  }

  /** The element of a value that was just read; remembered where that is worth it. */
  #keep(
    bytes: Buffer,
    encoding: Encoding,
    header: ElementHeader,
    value: ReadValue,
    wanted: TagMemory,
  ): DicomElement {
    const start = this.#position;
    const size = value.end - start;
    // Whether an empty element counts as a sequence may depend on what comes after it.
    if (!wanted.elements.wants(size) || (value.items !== null && header.length === 0))
      return elementOf(bytes, header, value, size);
    // With bytes of its own it outlives the file.
    const own = Buffer.from(bytes.subarray(start, value.end));
    const moved = { ...header, dataOffset: header.dataOffset - start };
    this.#sequences.unspend(value.reads);
    const again = this.#readValue(own, encoding, moved, wanted.isSequence, 0)!;
    const element = elementOf(own, moved, again, size);
    wanted.elements.remember(viewOf(own), 0, size, element);
    return element;
  }

  /** An element that stands twice breaks the standard; the first counts, as in dcmtk. */
  #add(wanted: TagMemory, memory: ElementMemory, element: DicomElement): void {
    if (memory.wasSeen(wanted)) return;
    memory.markSeen(wanted);
    this.elements.push(element);
  }

  #isPastHeader({ tag, dataOffset, length }: ElementHeader): boolean {
    const offset = this.#position;
    if (tag >>> 16 === ITEM_GROUP || tag < FIRST_DATASET_TAG)
      throw new MalformedHeader(`${formatTag(tag)} at byte ${offset} cannot stand in a dataset`);
    if (tag < FIRST_PIXEL_TAG) return false;
    if (!PIXEL_TAGS.has(tag)) return tag > LAST_PIXEL_TAG;
    this.pixel = { offset, dataOffset, length: length === UNDEFINED_LENGTH ? null : length };
    return true;
  }

  #more(tag: number | null, needed: number): WalkOutcome {
    this.unfinished = tag;
    this.needed = needed;
    return 'more';
  }

  /**
   * Where the value of an element ends, and its items; null when it is not wholly within the bytes.
   * @param start offset of the element
   */
  #readValue(
    bytes: Buffer,
    encoding: Encoding,
    header: ElementHeader,
    isSequence: boolean,
    start: number,
  ): ReadValue | null {
    const { tag, length, dataOffset } = header;
    const end = dataOffset + length;
    if (length !== UNDEFINED_LENGTH && end > bytes.length) {
      this.#more(tag, end);
      return null;
    }
    if (length !== UNDEFINED_LENGTH && !isSequence)
      return { length, items: null, bigEndian: encoding.bigEndian, end, reads: 0 };
    const sequence = this.#sequences.read(bytes, encoding, header, start);
    if (sequence === null) this.#more(tag, bytes.length + 1);
    return sequence;
  }
}

function elementOf(bytes: Buffer, header: ElementHeader, value: ReadValue, size: number): DicomElement {
  const { tag, vr, dataOffset: offset } = header;
  const { length, items, bigEndian, reads } = value;
  return { tag, bytes, vr, offset, length, bigEndian, items, size, reads, given: new GivenCells() };
}
