import dicomParser from 'dicom-parser';
import { formatTag, SHORT_LENGTH_VRS, vrAt } from './value-representation.js';

/** How a dataset is encoded (PS3.5 7.1 and 7.3). */
export interface Encoding {
  readonly explicit: boolean;
  readonly bigEndian: boolean;
}

export const EXPLICIT_LITTLE: Encoding = { explicit: true, bigEndian: false };
export const IMPLICIT_LITTLE: Encoding = { explicit: false, bigEndian: false };
export const EXPLICIT_BIG: Encoding = { explicit: true, bigEndian: true };

/** An element whose value lies wholly within the bytes. */
export interface HeaderElement {
  /** VR that stands in the file; null where it is implicit. */
  readonly vr: string | null;
  readonly offset: number;
  readonly length: number;
  readonly bigEndian: boolean;
  /** Items of a sequence, as dicom-parser gives them; null when the element was not read as a sequence. */
  readonly items: readonly dicomParser.Element[] | null;
}

export interface PixelElement {
  /** Where the element starts, and where its value does. */
  readonly offset: number;
  readonly dataOffset: number;
  /** Declared length of the value in bytes; null when undefined (encapsulated). */
  readonly length: number | null;
}

/** What a header is walked for. */
export interface WantedElements {
  readonly tags: ReadonlySet<number>;
  readonly sequences: ReadonlySet<number>;
  /** Odd groups of which all elements are kept, for their blocks are only known from their creators. */
  readonly privateGroups: ReadonlySet<number>;
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
const LAST_PIXEL_TAG = 0x7fe00010;
/** Numbers that the parsing of sequences may read: some 300,000 elements, far over any header that makes sense. */
const SEQUENCE_READS = 1_000_000;

/**
 * A walk over the top-level elements of a dataset that is only partly read. It stops before the first element that
 * is not wholly there, and goes on from it when there are more bytes.
 */
export class HeaderWalk {
  readonly elements = new Map<number, HeaderElement>();
  pixel: PixelElement | null = null;
  /** Bytes that must be there for the next element, as far as is known. */
  needed = 0;
  /** The element that was not wholly there. */
  unfinished: number | null = null;
  readonly #wanted: WantedElements;
  #readsLeft = SEQUENCE_READS;
  #position: number;

  constructor(wanted: WantedElements, position: number) {
    this.#wanted = wanted;
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
    while (this.#position < bytes.length) {
      if (this.#position + 8 > bytes.length) return this.#more(null, this.#position + 8);
      if (isMeta && bytes.readUInt16LE(this.#position) !== META_GROUP) return 'done';
      const header = readElementHeader(bytes, this.#position, encoding);
      if (header === null) return this.#more(null, this.#position + LONGEST_ELEMENT_HEADER);
      if (!isMeta && this.#isPastHeader(header)) return 'done';
      const end = header.dataOffset + header.length;
      if (header.length !== UNDEFINED_LENGTH && end > bytes.length) return this.#more(header.tag, end);
      if (header.length === UNDEFINED_LENGTH || this.#wanted.sequences.has(header.tag)) {
        if (!this.#walkSequence(bytes, encoding, header)) return this.#more(header.tag, bytes.length + 1);
      } else {
        this.#keep(header, encoding, header.length, null);
        this.#position = end;
      }
    }
    return 'end';
  }

  #isPastHeader({ tag, dataOffset, length }: ElementHeader): boolean {
    const offset = this.#position;
    if (tag >>> 16 === ITEM_GROUP || tag < FIRST_DATASET_TAG)
      throw new MalformedHeader(`${formatTag(tag)} at byte ${offset} cannot stand in a dataset`);
    if (!PIXEL_TAGS.has(tag)) return tag > LAST_PIXEL_TAG;
    this.pixel = { offset, dataOffset, length: length === UNDEFINED_LENGTH ? null : length };
    return true;
  }

  #more(tag: number | null, needed: number): WalkOutcome {
    this.unfinished = tag;
    this.needed = needed;
    return 'more';
  }

  #keep(
    header: ElementHeader,
    encoding: Encoding,
    length: number,
    items: readonly dicomParser.Element[] | null,
  ): void {
    const { tag, vr, dataOffset: offset } = header;
    if (!this.#wanted.tags.has(tag) && !this.#wanted.privateGroups.has(tag >>> 16)) return;
    // An element that stands twice breaks the standard; the first counts, as in dcmtk.
    if (this.elements.has(tag)) return;
    this.elements.set(tag, { vr, offset, length, bigEndian: encoding.bigEndian, items });
  }

  /** Walks over an element with items, by dicom-parser; false when its end is not within the bytes. */
  #walkSequence(bytes: Buffer, inDataset: Encoding, header: ElementHeader): boolean {
    // A sequence that was written as UN holds implicit little endian items (PS3.5 6.2.2).
    const encoding = header.vr === 'UN' ? IMPLICIT_LITTLE : inDataset;
    if (header.dataOffset >= bytes.length) return this.#walkEmpty(header, encoding);
    const stream = sequenceStream(this.#parser(encoding.bigEndian), bytes, this.#position);
    let element: dicomParser.Element;
    try {
      element = readSequence(stream, encoding, header);
    } catch (error) {
      if (isCut(error) && header.length === UNDEFINED_LENGTH) return false;
      throw malformedSequence(header.tag, error);
    }
    if (header.length === UNDEFINED_LENGTH) {
      if (!isClosed(bytes, element, stream.position, encoding)) return false;
    } else if (stream.position !== header.dataOffset + header.length) {
      throw malformedSequence(header.tag, 'its items do not end where it does');
    }
    this.#keep(header, encoding, element.length, element.items ?? null);
    this.#position = stream.position;
    return true;
  }

  /** An element that the bytes end with: whole when it is empty. */
  #walkEmpty(header: ElementHeader, encoding: Encoding): boolean {
    if (header.length !== 0) return false;
    this.#keep(header, encoding, 0, []);
    this.#position = header.dataOffset;
    return true;
  }

  /** Reads numbers for dicom-parser, and stops it when a sequence takes more reads than makes sense. */
  #parser(bigEndian: boolean): dicomParser.ByteArrayParser {
    const parser = bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
    const count = () => {
      if (this.#readsLeft-- <= 0) throw new MalformedHeader('the sequences hold too many elements');
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

function readTagAt(bytes: Buffer, offset: number, bigEndian: boolean): number {
  return bigEndian
    ? bytes.readUInt32BE(offset)
    : bytes.readUInt16LE(offset) * 0x10000 + bytes.readUInt16LE(offset + 2);
}

/** The element header at an offset with 8 bytes after it; null when it takes more. */
function readElementHeader(bytes: Buffer, offset: number, encoding: Encoding): ElementHeader | null {
  const tag = readTagAt(bytes, offset, encoding.bigEndian);
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
