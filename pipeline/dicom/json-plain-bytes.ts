import { BACKSLASH, CLOSE, CLOSE_LIST, COLON, COMMA, OPEN, QUOTE } from './json-characters.js';
import { startsWith } from './bytes.js';
import { digitsNumber } from './decimal-bytes.js';

/**
 * Finds where an element of DICOM JSON (PS3.18 annex F) ends that is written in the plainest way there is:
 * `{"vr":"CS","Value":["MG"]}`, `{"vr":"DS","Value":[0.07,0.07]}`, `{"vr":"OB","InlineBinary":"AAE="}` (or BulkDataURI),
 * `{"vr":"SH"}`, names and sequences of such elements, in ASCII, without spaces and escapes, the keys of an item in
 * ascending order. Then the text is what JSON.stringify would write of the element: it need not be parsed.
 */

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LETTER_A = 0x41;
const LETTER_F = 0x46;
const LETTER_Z = 0x5a;
const SPACE = 0x20;
const TILDE = 0x7e;

const KEY_LENGTH = 8;
/** Of a key between quotation marks. */
export const QUOTED_LENGTH = KEY_LENGTH + 2;

const START = Buffer.from('{"vr":"');
export const VR_LENGTH = 2;
/** Offset in an element of what comes after its VR. */
export const AFTER_VR = START.length + VR_LENGTH + 1;
export const VALUE = Buffer.from(',"Value":[');
/** Members that hold a text. */
const TEXTS = [Buffer.from(',"InlineBinary":"'), Buffer.from(',"BulkDataURI":"')];
/** A person name of letters that ASCII has. */
const NAME = Buffer.from('{"Alphabetic":"');

/** Items deeper than that, and items of more elements, are left to JSON.parse, which counts them. */
const DEEPEST = 16;
const MOST_IN_ITEM = 2000;

/** Reads the elements of an item, or goes over them. */
export interface MemberReader {
  /**
   * @param key as a number
   * @param at offset of the key, with its quotation mark
   * @returns offset after the element; -1 where it is not plain
   */
  read(bytes: Buffer, key: number, at: number): number;
}

/** Offset after the element that begins here; -1 where it is not plain. */
export function endOfElement(bytes: Buffer, start: number, depth = 0): number {
  const next = start + AFTER_VR;
  if (!hasVr(bytes, start)) return -1;
  if (bytes[next] === CLOSE) return next + 1;
  if (startsWith(bytes, next, VALUE)) return endOfValues(bytes, next + VALUE.length, depth);
  for (const member of TEXTS) {
    if (!startsWith(bytes, next, member)) continue;
    const end = endOfText(bytes, next + member.length);
    return end !== -1 && bytes[end + 1] === CLOSE ? end + 2 : -1;
  }
  return -1;
}

/** Whether an element with a VR of two capitals, as all have, begins here. */
export function hasVr(bytes: Buffer, start: number): boolean {
  return (
    startsWith(bytes, start, START) &&
    isCapital(bytes[start + START.length]) &&
    isCapital(bytes[start + START.length + 1]) &&
    bytes[start + AFTER_VR - 1] === QUOTE
  );
}

function isCapital(byte: number | undefined): boolean {
  return byte !== undefined && byte >= LETTER_A && byte <= LETTER_Z;
}

/** Offset after an element whose first value, of one or more, begins here; -1 where it is not plain. */
export function endOfValues(bytes: Buffer, start: number, depth = 0): number {
  for (let at = start; ; at++) {
    at = endOfValue(bytes, at, depth);
    if (at === -1) return -1;
    if (bytes[at] === COMMA) continue;
    return bytes[at] === CLOSE_LIST && bytes[at + 1] === CLOSE ? at + 2 : -1;
  }
}

function endOfValue(bytes: Buffer, at: number, depth: number): number {
  if (bytes[at] === QUOTE) {
    const end = endOfText(bytes, at + 1);
    return end === -1 ? -1 : end + 1;
  }
  if (bytes[at] === OPEN)
    return startsWith(bytes, at, NAME) ? endOfName(bytes, at) : endOfItem(bytes, at, depth, null);
  const end = endOfNumber(bytes, at);
  return end === -1 || Number.isNaN(plainNumber(bytes, at, end)) ? -1 : end;
}

function endOfName(bytes: Buffer, start: number): number {
  const end = endOfText(bytes, start + NAME.length);
  return end !== -1 && bytes[end + 1] === CLOSE ? end + 2 : -1;
}

/**
 * Offset after the item of a sequence that begins here; -1 where it is not plain.
 * @param reader is given each element; null: they are only gone over
 */
export function endOfItem(bytes: Buffer, start: number, depth: number, reader: MemberReader | null): number {
  if (bytes[start] !== OPEN || depth === DEEPEST) return -1;
  if (bytes[start + 1] === CLOSE) return start + 2;
  let before = -1;
  let at = start + 1;
  for (let count = 0; count < MOST_IN_ITEM; count++) {
    const key = memberKeyAt(bytes, at);
    // In ascending order none stands twice.
    if (key <= before) return -1;
    before = key;
    at =
      reader === null ? endOfElement(bytes, at + QUOTED_LENGTH + 1, depth + 1) : reader.read(bytes, key, at);
    if (at === -1) return -1;
    if (bytes[at] === CLOSE) return at + 1;
    if (bytes[at] !== COMMA) return -1;
    at++;
  }
  return -1;
}

/** The key, with a colon, at an offset, as a number; -1 where others stand, or JavaScript would put it in front of others. */
function memberKeyAt(bytes: Buffer, at: number): number {
  if (bytes[at] !== QUOTE || bytes[at + QUOTED_LENGTH - 1] !== QUOTE || bytes[at + QUOTED_LENGTH] !== COLON)
    return -1;
  const key = hexCode(bytes, at + 1);
  return key >= FIRST_INTEGER && isInteger(bytes, at + 1) ? -1 : key;
}

/** Keys from there on may look like integers: they have no zero in front. */
const FIRST_INTEGER = 0x10000000;

function isInteger(bytes: Buffer, start: number): boolean {
  for (let at = start; at < start + KEY_LENGTH; at++) if (bytes[at]! > NINE) return false;
  return true;
}

/** The number that eight hex digits (in capitals) at an offset are, or -1 where others stand. */
export function hexCode(bytes: Buffer, at: number): number {
  let code = 0;
  for (let i = at; i < at + KEY_LENGTH; i++) {
    const byte = bytes[i] ?? 0;
    if (byte >= ZERO && byte <= NINE) code = code * 16 + byte - ZERO;
    else if (byte >= LETTER_A && byte <= LETTER_F) code = code * 16 + byte - LETTER_A + 10;
    else return -1;
  }
  return code;
}

/** Offset of the quotation mark after printable ASCII without escapes; -1 where other characters stand. */
export function endOfText(bytes: Buffer, start: number): number {
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at;
    if (byte < SPACE || byte > TILDE || byte === BACKSLASH) return -1;
  }
  return -1;
}

/** Offset after the digits, signs and letters of a number in a list; -1 where none stands. */
export function endOfNumber(bytes: Buffer, start: number): number {
  const first = bytes[start] ?? 0;
  if (first !== MINUS && (first < ZERO || first > NINE)) return -1;
  for (let at = start + 1; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === COMMA || byte === CLOSE_LIST) return at;
  }
  return -1;
}

/** Smaller numbers JavaScript writes with an exponent. */
const LEAST_FRACTION = 1e-6;

/** The number whose text stands here, where JavaScript would write it so, in up to 15 digits; else NaN. */
export function plainNumber(bytes: Buffer, start: number, end: number): number {
  const isNegative = bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  const size = digitsNumber(bytes, first, end);
  if (Number.isNaN(size) || !isShortest(bytes, first, end)) return NaN;
  if (!Number.isInteger(size) && size < LEAST_FRACTION) return NaN;
  if (!isNegative) return size;
  return size === 0 ? NaN : -size;
}

/** Whether a number has no zero that may be left out, and no point without digits after it. */
function isShortest(bytes: Buffer, first: number, end: number): boolean {
  const last = bytes[end - 1];
  if (last === POINT || (last === ZERO && hasPoint(bytes, first, end))) return false;
  return bytes[first] !== ZERO || end === first + 1 || bytes[first + 1] === POINT;
}

function hasPoint(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === POINT) return true;
  return false;
}
