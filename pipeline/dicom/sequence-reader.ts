import dicomParser from 'dicom-parser';
import {
  ITEM,
  ITEM_DELIMITER,
  readTagAt,
  SEQUENCE_DELIMITER,
  UNDEFINED_LENGTH,
  type ElementHeader,
} from './element-header.js';
import { IMPLICIT_LITTLE, type Encoding } from './encoding.js';
import { MalformedHeader } from './malformed-header.js';
import { formatTag, SHORT_LENGTH_VRS, vrAt } from './value-representation.js';

/** The value of an element, and where what comes after it begins. */
export interface ReadValue {
  readonly length: number;
  readonly items: readonly dicomParser.Element[] | null;
  readonly bigEndian: boolean;
  readonly end: number;
  /** Numbers that the parsing of its items read. */
  readonly reads: number;
}

/** Numbers that the parsing of sequences may read: some 300,000 elements, far over any header that makes sense. */
const READS = 1_000_000;

/** Reads the sequences of one header by dicom-parser. */
export class SequenceReader {
  #left = READS;

  /**
   * Counts what was read before, of an element that is met again: what is refused does not depend on that.
   * @throws MalformedHeader
   */
  spend(reads: number): void {
    if (reads > this.#left) throw new MalformedHeader('the sequences hold too many elements');
    this.#left -= reads;
  }

  /** What is read twice counts once. */
  unspend(reads: number): void {
    this.#left += reads;
  }

  /**
   * Reads an element with items.
   * @param start offset of the element
   * @returns null when its end is not within the bytes
   * @throws MalformedHeader
   */
  read(bytes: Buffer, inDataset: Encoding, header: ElementHeader, start: number): ReadValue | null {
    // A sequence that was written as UN holds implicit little endian items (PS3.5 6.2.2).
    const encoding = header.vr === 'UN' ? IMPLICIT_LITTLE : inDataset;
    const { bigEndian } = encoding;
    if (header.dataOffset >= bytes.length)
      return header.length === 0
        ? { length: 0, items: [], bigEndian, end: header.dataOffset, reads: 0 }
        : null;
    const left = this.#left;
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
    const { length, items = null } = element;
    return { length, items, bigEndian, end: stream.position, reads: left - this.#left };
  }

  /** Reads numbers for dicom-parser, and stops it when a sequence takes more reads than makes sense. */
  #parser(bigEndian: boolean): dicomParser.ByteArrayParser {
    const parser = bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
    const count = () => {
      this.spend(1);
    };
    return {
      ...parser,
      readUint16: (bytes, position) => (count(), parser.readUint16(bytes, position)),
      readUint32: (bytes, position) => (count(), parser.readUint32(bytes, position)),
    };
  }
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
