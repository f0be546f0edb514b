import { viewOf } from './bytes.js';
import type { Encoding } from './encoding.js';
import { MalformedHeader } from './malformed-header.js';
import { formatTag, SHORT_LENGTH_VRS, vrAt } from './value-representation.js';

/** What stands before the value of an element (PS3.5 7.1). */
export interface ElementHeader {
  readonly tag: number;
  /** Null where the encoding is implicit. */
  readonly vr: string | null;
  /** Where the value begins. */
  readonly dataOffset: number;
  /** Bytes of the value, or UNDEFINED_LENGTH. */
  readonly length: number;
}

export const UNDEFINED_LENGTH = 0xffffffff;
/** Of an explicit VR with a 32-bit length; all others are shorter. */
export const LONGEST_ELEMENT_HEADER = 12;
export const ITEM_GROUP = 0xfffe;
export const ITEM = 0xfffee000;
export const ITEM_DELIMITER = 0xfffee00d;
export const SEQUENCE_DELIMITER = 0xfffee0dd;

/** The tag at an offset, as a number 0xggggeeee. */
export function tagAt(view: DataView, offset: number, bigEndian: boolean): number {
  return view.getUint16(offset, !bigEndian) * 0x10000 + view.getUint16(offset + 2, !bigEndian);
}

/** As `tagAt`, for bytes of which one tag is looked at. */
export function readTagAt(bytes: Buffer, offset: number, bigEndian: boolean): number {
  return tagAt(viewOf(bytes), offset, bigEndian);
}

/**
 * The header of an element with 8 bytes after its offset.
 * @returns null when it takes more bytes than there are
 * @throws MalformedHeader where a value representation is missing
 */
export function readElementHeader(
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
  if (offset + LONGEST_ELEMENT_HEADER > bytes.length) return null;
  const length = encoding.bigEndian ? bytes.readUInt32BE(offset + 8) : bytes.readUInt32LE(offset + 8);
  return { tag, vr, dataOffset: offset + LONGEST_ELEMENT_HEADER, length };
}
