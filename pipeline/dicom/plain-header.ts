import { LONGEST_ELEMENT_HEADER } from './element-header.js';
import { LONG_LENGTH_VRS, SHORT_LENGTH_VRS } from './value-representation.js';

/** The short way to what stands before the value of an element in little endian (PS3.5 7.1). */

const SHORT_HEADER = 8;
const NO_FORM = 0;
const SHORT_FORM = 1;
const LONG_FORM = 2;
/** How long the length of an explicit VR is, by its two letters as a number in little endian; NO_FORM where they are none. */
const FORMS = new Uint8Array(0x10000);
for (const vr of SHORT_LENGTH_VRS) FORMS[vrCode(vr)] = SHORT_FORM;
for (const vr of LONG_LENGTH_VRS) FORMS[vrCode(vr)] = LONG_FORM;

function vrCode(vr: string): number {
  return Buffer.from(vr).readUInt16LE(0);
}

/** The tag at an offset, as a number 0xggggeeee. */
export function plainTagAt(view: DataView, offset: number): number {
  const word = view.getInt32(offset, true);
  return ((word << 16) | (word >>> 16)) >>> 0;
}

/**
 * Where the value of an element begins.
 * @param at offset of the element, with 12 bytes after it
 * @returns -1 where it needs a closer look: in an implicit dataset, for one, a length that looks like a VR may be one
 */
export function plainValueAt(view: DataView, at: number, isExplicit: boolean): number {
  const form = FORMS[view.getUint16(at + 4, true)]!;
  if ((form === NO_FORM) === isExplicit) return -1;
  if (form !== LONG_FORM) return at + SHORT_HEADER;
  return view.getUint16(at + 6, true) === 0 ? at + LONGEST_ELEMENT_HEADER : -1;
}

/** Bytes of the value that begins at an offset, or UNDEFINED_LENGTH. */
export function plainLength(view: DataView, at: number, valueAt: number, isExplicit: boolean): number {
  if (valueAt - at === LONGEST_ELEMENT_HEADER) return view.getUint32(at + 8, true);
  return isExplicit ? view.getUint16(at + 6, true) : view.getUint32(at + 4, true);
}
