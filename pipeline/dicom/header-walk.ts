import dicomParser from 'dicom-parser';
import { viewOf } from './bytes.js';
import type { DicomElement } from './dicom-element.js';
import { ElementMemory, type TagMemory, type WantedElements } from './element-memory.js';
import { formatTag, SHORT_LENGTH_VRS, vrAt } from './value-representation.js';

/** How a dataset is encoded (PS3.5 7.1 and 7.3). */
export interface Encoding {
  readonly explicit: boolean;
  readonly bigEndian: boolean;
}

export const EXPLICIT_LITTLE: Encoding = { explicit: true, bigEndian: false };
export const IMPLICIT_LITTLE: Encoding = { explicit: false, bigEndian: false };
export const EXPLICIT_BIG: Encoding = { explicit: true, bigEndian: true };

export interface PixelElement {
  /** Where the element starts, and where its value does. */
  readonly offset: number;
  readonly dataOffset: number;
  /** Declared length of the value in bytes; null when undefined (encapsulated). */
  readonly length: number | null;
}

/** The bytes cannot be DICOM, however many more there are. */
export class MalformedHeader extends Error {}

/** What a walk came to: the end of what it looks for, the end of the bytes, or an element that is not wholly there. */
export type WalkOutcome = 'done' | 'end' | 'more';

const META_GROUP = 0x0002;
const ITEM_GROUP = 0xfffe;
/** Groups below are those of commands and of the file meta information. */
const FIRST_DATASET_TAG = 0x00040000;
const LONGEST_ELEMENT_HEADER = 12;
const UNDEFINED_LENGTH = 0xffffffff;
const SEQUENCE_DELIMITER = 0xfffee0dd;
const ITEM = 0xfffee000;
const ITEM_DELIMITER = 0xfffee00d;
const PIXEL_TAGS: ReadonlySet<number> = new Set([0x7fe00008, 0x7fe00009, 0x7fe00010]);
const FIRST_PIXEL_TAG = 0x7fe00008;
const LAST_PIXEL_TAG = 0x7fe00010;
/** Numbers that the parsing of sequences may read: some 300,000 elements, far over any header that makes sense. */
const SEQUENCE_READS = 1_000_000;

/** What was met in headers, by how they are encoded. */
export class HeaderMemories {
  /** Counts the headers, to tell whether a tag was met in this one already. */
  #headers = 0;
  readonly #meta: ElementMemory;
  readonly #datasets: ReadonlyMap<Encoding, ElementMemory>;

  constructor(wanted: WantedElements) {
    this.#meta = new ElementMemory(wanted);
    const encodings = [EXPLICIT_LITTLE, IMPLICIT_LITTLE, EXPLICIT_BIG];
    this.#datasets = new Map(encodings.map((encoding) => [encoding, new ElementMemory(wanted)]));
  }

  /** @returns the number of the header that begins */
  begin(): number {
    for (const memory of this.#datasets.values()) memory.trim();
    return ++this.#headers;
  }

  of(encoding: Encoding, isMeta: boolean): ElementMemory {
    return isMeta ? this.#meta : this.#datasets.get(encoding)!;
  }
}

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
  readonly #header: number;
  #memory: ElementMemory | null = null;
  /** The wanted tag that was met last. */
  #before: TagMemory | null = null;
  #readsLeft = SEQUENCE_READS;
  #position: number;

  constructor(memories: HeaderMemories, position: number) {
    this.#memories = memories;
    this.#header = memories.begin();
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
    if (memory !== this.#memory) this.#before = null;
    this.#memory = memory;
    const view = viewOf(bytes);
    while (this.#position < bytes.length) {
      if (this.#position + 8 > bytes.length) return this.#more(null, this.#position + 8);
      const tag = tagAt(view, this.#position, encoding.bigEndian);
      if (isMeta && tag >>> 16 !== META_GROUP) return 'done';
      const wanted = isMeta || tag >= FIRST_DATASET_TAG ? this.#find(tag, memory) : null;
      const known = wanted === null ? null : wanted.elements.recognise(view, this.#position);
      if (known !== null) {
        const element = known.value;
        this.#spend(element.reads);
        this.#add(wanted!, element);
        this.#position += element.size;
        continue;
      }
      const header = readElementHeader(bytes, this.#position, tag, encoding);
      if (header === null) return this.#more(null, this.#position + LONGEST_ELEMENT_HEADER);
      if (!isMeta && this.#isPastHeader(header)) return 'done';
      if (!this.#walkElement(bytes, encoding, header, wanted)) return 'more';
    }
    return 'end';
  }

  /** What is known of a tag, which mostly is the one that came next in the header before; null when it is not wanted. */
  #find(tag: number, memory: ElementMemory): TagMemory | null {
    const before = this.#before;
    const expected = before === null ? memory.first : before.next;
    if (expected?.tag === tag) return (this.#before = expected);
    const found = memory.find(tag);
    if (found === null) return null;
    if (before === null) memory.first = found;
    else before.next = found;
    return (this.#before = found);
  }

  /** Walks over an element that was not met before; false when it is not wholly there. */
  #walkElement(bytes: Buffer, encoding: Encoding, header: ElementHeader, wanted: TagMemory | null): boolean {
    const start = this.#position;
    const readsBefore = this.#readsLeft;
    const value = this.#readValue(bytes, encoding, header, wanted?.isSequence === true);
    if (value === null) return false;
    const reads = readsBefore - this.#readsLeft;
    this.#position = value.end;
    if (wanted === null || wanted.seenIn === this.#header) return true;
    const size = value.end - start;
    // Whether an empty element counts as a sequence may depend on what comes after it.
    if (!wanted.elements.wants(size) || (value.items !== null && header.length === 0)) {
      this.#add(wanted, elementOf(bytes, header, value, size, reads));
      return true;
    }
    // With bytes of its own it outlives the file.
    const own = Buffer.from(bytes.subarray(start, value.end));
    const moved = { ...header, dataOffset: header.dataOffset - start };
    // Read once more, counted once.
    this.#readsLeft = readsBefore;
    const again = this.#readValue(own, encoding, moved, wanted.isSequence, 0)!;
    this.#readsLeft = readsBefore - reads;
    const element = elementOf(own, moved, again, size, reads);
    wanted.elements.remember(viewOf(own), 0, size, element);
    this.#add(wanted, element);
    return true;
  }

  /** An element that stands twice breaks the standard; the first counts, as in dcmtk. */
  #add(wanted: TagMemory, element: DicomElement): void {
    if (wanted.seenIn === this.#header) return;
    wanted.seenIn = this.#header;
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
    start = this.#position,
  ): ReadValue | null {
    const { tag, length, dataOffset } = header;
    const end = dataOffset + length;
    if (length !== UNDEFINED_LENGTH && end > bytes.length) {
      this.#more(tag, end);
      return null;
    }
    if (length !== UNDEFINED_LENGTH && !isSequence)
      return { length, items: null, bigEndian: encoding.bigEndian, end };
    const sequence = this.#readSequence(bytes, encoding, header, start);
    if (sequence === null) this.#more(tag, bytes.length + 1);
    return sequence;
  }

  /** Reads an element with items, by dicom-parser; null when its end is not within the bytes. */
  #readSequence(bytes: Buffer, inDataset: Encoding, header: ElementHeader, start: number): ReadValue | null {
    // A sequence that was written as UN holds implicit little endian items (PS3.5 6.2.2).
    const encoding = header.vr === 'UN' ? IMPLICIT_LITTLE : inDataset;
    const { bigEndian } = encoding;
    if (header.dataOffset >= bytes.length)
      return header.length === 0 ? { length: 0, items: [], bigEndian, end: header.dataOffset } : null;
    const stream = sequenceStream(this.#parser(bigEndian), bytes, start);
    let element: dicomParser.Element;
    try {
      element = readSequence(stream, encoding, header);
    } catch (error) {
      if (isCut(error) && header.length === UNDEFINED_LENGTH) return null;
      throw malformedSequence(header.tag, error);
    }
    if (header.length === UNDEFINED_LENGTH) {
      if (!isClosed(bytes, element, stream.position, encoding)) return null;
    } else if (stream.position !== header.dataOffset + header.length) {
      throw malformedSequence(header.tag, 'its items do not end where it does');
    }
    return { length: element.length, items: element.items ?? null, bigEndian, end: stream.position };
  }

  /** An element that was met before counts as much as it did then: what is refused does not depend on it. */
  #spend(reads: number): void {
    if (reads > this.#readsLeft) throw new MalformedHeader('the sequences hold too many elements');
    this.#readsLeft -= reads;
  }

  /** Reads numbers for dicom-parser, and stops it when a sequence takes more reads than makes sense. */
  #parser(bigEndian: boolean): dicomParser.ByteArrayParser {
    const parser = bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
    const count = () => {
      this.#spend(1);
    };
    return {
      ...parser,
      readUint16: (bytes, position) => (count(), parser.readUint16(bytes, position)),
      readUint32: (bytes, position) => (count(), parser.readUint32(bytes, position)),
    };
  }
}

interface ElementHeader {
  readonly tag: number;
  readonly vr: string | null;
  readonly dataOffset: number;
  readonly length: number;
}

/** The value of an element, and where what comes after it begins. */
interface ReadValue {
  readonly length: number;
  readonly items: readonly dicomParser.Element[] | null;
  readonly bigEndian: boolean;
  readonly end: number;
}

function elementOf(
  bytes: Buffer,
  header: ElementHeader,
  value: ReadValue,
  size: number,
  reads: number,
): DicomElement {
  const { tag, vr, dataOffset: offset } = header;
  const { length, items, bigEndian } = value;
  return { tag, bytes, vr, offset, length, bigEndian, items, size, reads, cells: null, context: null };
}

function tagAt(view: DataView, offset: number, bigEndian: boolean): number {
  return view.getUint16(offset, !bigEndian) * 0x10000 + view.getUint16(offset + 2, !bigEndian);
}

function readTagAt(bytes: Buffer, offset: number, bigEndian: boolean): number {
  return tagAt(viewOf(bytes), offset, bigEndian);
}

/** The header of an element with 8 bytes after its offset; null when it takes more. */
function readElementHeader(
  bytes: Buffer,
  offset: number,
  tag: number,
  encoding: Encoding,
): ElementHeader | null {
  if (!encoding.explicit)
    return { tag, vr: null, dataOffset: offset + 8, length: bytes.readUInt32LE(offset + 4) };
  const vr = vrAt(bytes, offset + 4);
  if (vr === null)
    throw new MalformedHeader(`${formatTag(tag)} at byte ${offset} has no value representation`);
  if (SHORT_LENGTH_VRS.has(vr)) {
    const length = encoding.bigEndian ? bytes.readUInt16BE(offset + 6) : bytes.readUInt16LE(offset + 6);
    return { tag, vr, dataOffset: offset + 8, length };
  }
  if (offset + 12 > bytes.length) return null;
  const length = encoding.bigEndian ? bytes.readUInt32BE(offset + 8) : bytes.readUInt32LE(offset + 8);
  return { tag, vr, dataOffset: offset + 12, length };
}

/** VRs with a 32-bit length that dicom-parser knows; it takes all others for short ones. */
const LONG_VRS: ReadonlySet<string> = new Set('OB OD OF OL OW SQ UC UN UR UT'.split(' '));

/** A stream that gives dicom-parser UN for a VR that it would read a length of the wrong size for, such as UV. */
function sequenceStream(
  parser: dicomParser.ByteArrayParser,
  bytes: Buffer,
  position: number,
): dicomParser.ByteStream {
  const stream = new dicomParser.ByteStream(parser, bytes, position);
  const readVr = stream.readFixedString.bind(stream);
  stream.readFixedString = (length) => {
    const isVr = vrAt(bytes, stream.position) !== null;
    const vr = readVr(length);
    return !isVr || SHORT_LENGTH_VRS.has(vr) || LONG_VRS.has(vr) ? vr : 'UN';
  };
  return stream;
}

function readSequence(
  stream: dicomParser.ByteStream,
  encoding: Encoding,
  header: ElementHeader,
): dicomParser.Element {
  if (header.vr === 'UN') {
    const element = { tag: '', vr: 'UN', length: header.length, dataOffset: header.dataOffset };
    stream.position = header.dataOffset;
    dicomParser.readSequenceItemsImplicit(stream, element);
    return element;
  }
  return encoding.explicit
    ? dicomParser.readDicomElementExplicit(stream, [])
    : dicomParser.readDicomElementImplicit(stream);
}

/** dicom-parser throws text: but for these two, it is about the end of the bytes, which more bytes may mend. */
function isCut(error: unknown): boolean {
  return typeof error === 'string' && !error.includes('not found') && !error.includes('buffer overrun');
}

function malformedSequence(tag: number, error: unknown): MalformedHeader {
  if (error instanceof MalformedHeader) return error;
  if (error instanceof RangeError) return new MalformedHeader(`${formatTag(tag)} is nested too deep`);
  const reason = error instanceof Error ? error.message : String(error);
  return new MalformedHeader(`${formatTag(tag)} is not a sound sequence: ${reason}`);
}

/**
 * True when an element of undefined length ended with its delimiter. dicom-parser takes the end of the bytes for the
 * end of the element, and then sets a length that reaches up to where it stopped.
 */
function isClosed(
  bytes: Buffer,
  element: dicomParser.Element,
  position: number,
  encoding: Encoding,
): boolean {
  if (position > bytes.length || element.dataOffset + 8 > bytes.length) return false;
  const first = readTagAt(bytes, element.dataOffset, encoding.bigEndian);
  if (first === ITEM || first === SEQUENCE_DELIMITER || element.vr === 'SQ' || element.vr === 'UN')
    return position === element.dataOffset + element.length + 8;
  return readTagAt(bytes, position - 8, encoding.bigEndian) === ITEM_DELIMITER;
}
