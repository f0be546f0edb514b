import { viewOf } from './bytes.js';
import type { Encoding } from './encoding.js';
import { MalformedHeader } from './malformed-header.js';
import { isKnownVr, LONG_LENGTH_VRS, SHORT_LENGTH_VRS, vrAt } from './value-representation.js';

/** What stands before the value of an element (PS3.5 7.1). */
export interface ElementHeader {
  readonly tag: number;
  /** Null where the encoding is implicit, or no VR that there is stands there. */
  readonly vr: string | null;
  /** Where the value begins. */
  readonly dataOffset: number;
  /** Bytes of the value, or UNDEFINED_LENGTH. */
  readonly length: number;
  /** What is odd, as the clause of a sentence; null where the header is as it should be. */
  readonly odd: string | null;
}

export const UNDEFINED_LENGTH = 0xffffffff;
/** Of an explicit VR with a 32-bit length; all others are shorter. */
export const LONGEST_ELEMENT_HEADER = 12;
export const ITEM_GROUP = 0xfffe;
export const ITEM = 0xfffee000;
export const ITEM_DELIMITER = 0xfffee00d;
export const SEQUENCE_DELIMITER = 0xfffee0dd;
const ITEM_TAGS: ReadonlySet<number> = new Set([ITEM, ITEM_DELIMITER, SEQUENCE_DELIMITER]);
const SHORT_HEADER = 8;
const LAST_GROUP = 0x7fe0;

type Form = Pick<ElementHeader, 'dataOffset' | 'length'>;

const NO_VR = 'has no value representation that there is';
const NO_ZEROS = 'has no zero bytes between its value representation and its length';
const NO_LENGTH =
  'has no value representation that there is, and no length after which another element comes';
const IMPLICIT_HERE = 'is in implicit VR where the dataset is explicit';
const EXPLICIT_HERE = 'is in explicit VR where the dataset is implicit';

/** The tag at an offset, as a number 0xggggeeee. */
export function tagAt(view: DataView, offset: number, bigEndian: boolean): number {
  return view.getUint16(offset, !bigEndian) * 0x10000 + view.getUint16(offset + 2, !bigEndian);
}

/**
 * The header of an element with 8 bytes after its offset.
 * @param limit offset of the end of what holds the element, as far as it is known
 * @returns null when it takes more bytes than there are
 * @throws MalformedHeader when it cannot be told how long the element is
 */
export function readElementHeader(
  bytes: Buffer,
  offset: number,
  tag: number,
  { explicit, bigEndian }: Encoding,
  limit = bytes.length,
): ElementHeader | null {
  const vr = vrAt(bytes, offset + 4);
  if (!explicit) {
    if (vr !== null && isKnownVr(vr)) return eitherHeader(bytes, offset, tag, bigEndian, limit);
    const length = uint32(bytes, offset + 4, bigEndian);
    return { tag, vr: null, dataOffset: offset + SHORT_HEADER, length, odd: null };
  }
  if (tag >>> 16 === ITEM_GROUP)
    return { tag, vr: null, dataOffset: offset + 8, length: uint32(bytes, offset + 4, bigEndian), odd: null };
  if (vr !== null && SHORT_LENGTH_VRS.has(vr)) {
    const length = uint16(bytes, offset + 6, bigEndian);
    return { tag, vr, dataOffset: offset + SHORT_HEADER, length, odd: null };
  }
  if (offset + LONGEST_ELEMENT_HEADER > bytes.length) return null;
  if (vr !== null && LONG_LENGTH_VRS.has(vr) && bytes[offset + 6] === 0 && bytes[offset + 7] === 0) {
    const length = uint32(bytes, offset + 8, bigEndian);
    return { tag, vr, dataOffset: offset + LONGEST_ELEMENT_HEADER, length, odd: null };
  }
  return oddHeader(bytes, offset, tag, vr, bigEndian, limit);
}

/** Whether what stands at an offset looks like an element, or the end of what holds it, after an element of a tag. */
export function isPlausibleElement(
  bytes: Buffer,
  offset: number,
  after: number,
  bigEndian: boolean,
  limit = bytes.length,
): boolean {
  if (offset === limit) return true;
  if (offset + SHORT_HEADER > bytes.length) return false;
  const tag = tagAt(viewOf(bytes), offset, bigEndian);
  if (ITEM_TAGS.has(tag)) return true;
  if (tag >>> 16 > LAST_GROUP || tag >>> 16 === 0) return false;
  const vr = vrAt(bytes, offset + 4);
  // That two letters are a VR is hardly chance; that a number is less than another may be.
  if (vr !== null && isKnownVr(vr)) return true;
  return tag > after && offset + SHORT_HEADER + uint32(bytes, offset + 4, bigEndian) <= limit;
}

/**
 * An explicit header whose VR is none that there is, or has no zero bytes before its length. VRs to come have a 32-bit
 * length (PS3.5 7.1.2); what is no VR has a 16-bit one, as dcmtk takes it, or the element is in implicit VR. Of these the
 * first counts that another element comes after.
 */
function oddHeader(
  bytes: Buffer,
  offset: number,
  tag: number,
  vr: string | null,
  bigEndian: boolean,
  limit: number,
): ElementHeader {
  const known = vr !== null && isKnownVr(vr) ? vr : null;
  const long = { dataOffset: offset + LONGEST_ELEMENT_HEADER, length: uint32(bytes, offset + 8, bigEndian) };
  const short = { dataOffset: offset + SHORT_HEADER, length: uint16(bytes, offset + 6, bigEndian) };
  const implicit = { dataOffset: offset + SHORT_HEADER, length: uint32(bytes, offset + 4, bigEndian) };
  const forms = vr === null ? [short, implicit, long] : [long, short];
  const fits = ({ dataOffset, length }: Form) =>
    isPlausibleElement(bytes, dataOffset + length, tag, bigEndian, limit);
  const form = forms.find(fits) ?? forms[0]!;
  // It may go on beyond the bytes; where it does not, nobody knows where it ends.
  if (!fits(form) && form.dataOffset + form.length <= bytes.length) throw new MalformedHeader(NO_LENGTH);
  // A VR that the standard may have by now is nothing odd.
  if (vr !== null && known === null && form === long && uint16(bytes, offset + 6, false) === 0)
    return { tag, vr: null, ...form, odd: null };
  const odd = known !== null ? NO_ZEROS : form === implicit ? IMPLICIT_HERE : NO_VR;
  return { tag, vr: known, ...form, odd };
}

/** An element of an implicit dataset that has a VR: its length, by chance, or an explicit element. */
function eitherHeader(
  bytes: Buffer,
  offset: number,
  tag: number,
  bigEndian: boolean,
  limit: number,
): ElementHeader {
  const length = uint32(bytes, offset + 4, bigEndian);
  const implicit = { tag, vr: null, dataOffset: offset + SHORT_HEADER, length, odd: null };
  if (isPlausibleElement(bytes, implicit.dataOffset + length, tag, bigEndian, limit)) return implicit;
  const encoding = { explicit: true, bigEndian };
  const explicit = readElementHeader(bytes, offset, tag, encoding, limit);
  if (explicit === null) return implicit;
  const end = explicit.dataOffset + explicit.length;
  const isExplicit =
    explicit.length === UNDEFINED_LENGTH || isPlausibleElement(bytes, end, 0, bigEndian, limit);
  return isExplicit ? { ...explicit, odd: EXPLICIT_HERE } : implicit;
}

function uint16(bytes: Buffer, offset: number, bigEndian: boolean): number {
  return bigEndian ? bytes.readUInt16BE(offset) : bytes.readUInt16LE(offset);
}

function uint32(bytes: Buffer, offset: number, bigEndian: boolean): number {
  return bigEndian ? bytes.readUInt32BE(offset) : bytes.readUInt32LE(offset);
}
