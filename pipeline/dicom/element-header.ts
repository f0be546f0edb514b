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
const SHORT_HEADER = 8;
const LAST_GROUP = 0x7fe0;
/** So far beyond the bytes that are loaded is looked, to tell how long an odd element is. */
const FARTHEST_LOOK = 1024 * 1024;

type Form = Pick<ElementHeader, 'dataOffset' | 'length'>;

const NO_VR = 'has no value representation that there is';
const NO_ZEROS = 'has no zero bytes between its value representation and its length';
const NO_LENGTH =
  'has no value representation that there is, and no length after which another element comes';
const IMPLICIT_HERE = 'is in implicit VR where the dataset is explicit';
const EXPLICIT_HERE = 'is in explicit VR where the dataset is implicit';

/** What an element stands in. */
export interface Surroundings {
  /** Offset of its end, which may be past the bytes; Infinity where it is not known. */
  readonly end: number;
  /** Eight bytes past those that are loaded; null where they cannot be had by themselves. */
  readonly look: ((offset: number) => Buffer) | null;
}

/** The tag at an offset, as a number 0xggggeeee. */
export function tagAt(view: DataView, offset: number, bigEndian: boolean): number {
  return view.getUint16(offset, !bigEndian) * 0x10000 + view.getUint16(offset + 2, !bigEndian);
}

/**
 * The header of an element with 8 bytes after its offset.
 * @param around what holds the element; the bytes where it is left out
 * @returns null when it takes more bytes than there are
 * @throws MalformedHeader when it cannot be told how long the element is
 */
export function readElementHeader(
  bytes: Buffer,
  offset: number,
  tag: number,
  { explicit, bigEndian }: Encoding,
  around: Surroundings = { end: bytes.length, look: null },
): ElementHeader | null {
  const vr = vrAt(bytes, offset + 4);
  // Items have no VR in any encoding (PS3.5 7.5).
  if (!explicit || tag >>> 16 === ITEM_GROUP) {
    if (vr !== null && isKnownVr(vr) && tag >>> 16 !== ITEM_GROUP)
      return eitherHeader(bytes, offset, tag, bigEndian, around);
    const length = uint32(bytes, offset + 4, bigEndian);
    return { tag, vr: null, dataOffset: offset + SHORT_HEADER, length, odd: null };
  }
  if (vr !== null && SHORT_LENGTH_VRS.has(vr)) {
    const length = uint16(bytes, offset + 6, bigEndian);
    return { tag, vr, dataOffset: offset + SHORT_HEADER, length, odd: null };
  }
  if (offset + LONGEST_ELEMENT_HEADER > bytes.length) return null;
  if (vr !== null && LONG_LENGTH_VRS.has(vr) && bytes[offset + 6] === 0 && bytes[offset + 7] === 0) {
    const length = uint32(bytes, offset + 8, bigEndian);
    return { tag, vr, dataOffset: offset + LONGEST_ELEMENT_HEADER, length, odd: null };
  }
  return oddHeader(bytes, offset, tag, vr, bigEndian, around);
}

/** Whether what stands at an offset looks like an element, or the end of the bytes, after an element of a tag. */
export function isPlausibleElement(
  bytes: Buffer,
  offset: number,
  after: number,
  bigEndian: boolean,
): boolean {
  return looksLikeElement(bytes, offset, after, bigEndian, { end: bytes.length, look: null }) === true;
}

/** As isPlausibleElement, of what holds the element; null where it takes more bytes to tell. */
export function looksLikeElement(
  bytes: Buffer,
  offset: number,
  after: number,
  bigEndian: boolean,
  around: Surroundings,
  depth = 0,
): boolean | null {
  if (offset === around.end) return true;
  if (offset + SHORT_HEADER > around.end) return false;
  const header = eightBytes(bytes, offset, around);
  if (header === null) return null;
  const tag = firstTag(header, bigEndian);
  // What begins an item comes after the header of a sequence, not after an element.
  if (tag === ITEM_DELIMITER || tag === SEQUENCE_DELIMITER) return true;
  if (tag >>> 16 > LAST_GROUP || tag >>> 16 === 0) return false;
  const vr = vrAt(header, 4);
  // That two letters are a VR is hardly chance; that a number is less than another may be, but hardly twice.
  if (vr !== null && isKnownVr(vr)) return true;
  if (tag <= after) return false;
  const length = uint32(header, 4, bigEndian);
  const next = offset + SHORT_HEADER;
  if (length === UNDEFINED_LENGTH) return beginsItems(bytes, next, bigEndian, around);
  if (depth === 1) return true;
  return looksLikeElement(bytes, next + length, tag, bigEndian, around, 1);
}

/** Whether an item, or the end of a sequence, stands here; null where it takes more bytes to tell. */
function beginsItems(
  bytes: Buffer,
  offset: number,
  bigEndian: boolean,
  around: Surroundings,
): boolean | null {
  if (offset + SHORT_HEADER > around.end) return false;
  const header = eightBytes(bytes, offset, around);
  const tag = header === null ? null : firstTag(header, bigEndian);
  return tag === null ? null : tag === ITEM || tag === SEQUENCE_DELIMITER;
}

/** Eight bytes at an offset, where that many stand before the end; null where they are not at hand. */
function eightBytes(bytes: Buffer, offset: number, { look }: Surroundings): Buffer | null {
  const end = offset + SHORT_HEADER;
  return end <= bytes.length ? bytes.subarray(offset, end) : (look?.(offset) ?? null);
}

/**
 * An explicit header whose VR is none that there is, or has no zero bytes before its length. VRs to come have a 32-bit
 * length (PS3.5 7.1.2); what is no VR has a 16-bit one, as dcmtk takes it, or the element is in implicit VR. Of these the
 * first counts that another element comes after.
 * @returns null when it takes more bytes to tell
 */
function oddHeader(
  bytes: Buffer,
  offset: number,
  tag: number,
  vr: string | null,
  bigEndian: boolean,
  around: Surroundings,
): ElementHeader | null {
  const known = vr !== null && isKnownVr(vr) ? vr : null;
  const long = { dataOffset: offset + LONGEST_ELEMENT_HEADER, length: uint32(bytes, offset + 8, bigEndian) };
  const short = { dataOffset: offset + SHORT_HEADER, length: uint16(bytes, offset + 6, bigEndian) };
  const implicit = { dataOffset: offset + SHORT_HEADER, length: uint32(bytes, offset + 4, bigEndian) };
  const forms = vr === null ? [short, implicit, long] : [long, short];
  const form = chooseForm(bytes, forms, tag, bigEndian, around);
  if (form === null) return null;
  // A VR that the standard may have by now is nothing odd.
  if (vr !== null && known === null && form === long && uint16(bytes, offset + 6, false) === 0)
    return { tag, vr: null, ...form, odd: null };
  const odd = known !== null ? NO_ZEROS : form === implicit ? IMPLICIT_HERE : NO_VR;
  return { tag, vr: known, ...form, odd };
}

/**
 * The first form of a header that another element comes after.
 * @returns null when it takes more bytes to tell
 * @throws MalformedHeader when there is none: nobody knows where the element ends
 */
function chooseForm(
  bytes: Buffer,
  forms: readonly Form[],
  tag: number,
  bigEndian: boolean,
  around: Surroundings,
): Form | null {
  let open: Form | null = null;
  for (const form of forms) {
    const { dataOffset, length } = form;
    const fits =
      length === UNDEFINED_LENGTH
        ? beginsItems(bytes, dataOffset, bigEndian, around)
        : looksLikeElement(bytes, dataOffset + length, tag, bigEndian, around);
    if (fits === true) return form;
    if (fits === null) open ??= form;
  }
  // What is too far away to look at is believed.
  if (open !== null) return open.dataOffset + open.length - bytes.length > FARTHEST_LOOK ? open : null;
  const first = forms[0]!;
  if (first.dataOffset + first.length <= around.end) throw new MalformedHeader(NO_LENGTH);
  return first;
}

/** An element of an implicit dataset that has a VR: its length, by chance, or an explicit element. */
function eitherHeader(
  bytes: Buffer,
  offset: number,
  tag: number,
  bigEndian: boolean,
  around: Surroundings,
): ElementHeader | null {
  const length = uint32(bytes, offset + 4, bigEndian);
  const implicit = { tag, vr: null, dataOffset: offset + SHORT_HEADER, length, odd: null };
  if (looksLikeElement(bytes, implicit.dataOffset + length, tag, bigEndian, around) === true) return implicit;
  const encoding = { explicit: true, bigEndian };
  const explicit = readElementHeader(bytes, offset, tag, encoding, around);
  if (explicit === null) return offset + LONGEST_ELEMENT_HEADER > around.end ? implicit : null;
  const end = explicit.dataOffset + explicit.length;
  const isExplicit =
    explicit.length === UNDEFINED_LENGTH || looksLikeElement(bytes, end, 0, bigEndian, around);
  if (isExplicit === null && end - bytes.length <= FARTHEST_LOOK) return null;
  return isExplicit === false ? implicit : { ...explicit, odd: EXPLICIT_HERE };
}

/** The tag that bytes begin with; no view is made for it. */
function firstTag(bytes: Buffer, bigEndian: boolean): number {
  return uint16(bytes, 0, bigEndian) * 0x10000 + uint16(bytes, 2, bigEndian);
}

function uint16(bytes: Buffer, offset: number, bigEndian: boolean): number {
  return bigEndian ? bytes.readUInt16BE(offset) : bytes.readUInt16LE(offset);
}

function uint32(bytes: Buffer, offset: number, bigEndian: boolean): number {
  return bigEndian ? bytes.readUInt32BE(offset) : bytes.readUInt32LE(offset);
}
