import { startsWith } from './bytes.js';
import { vrAt } from './value-representation.js';

/**
 * Reads an element of DICOM JSON (PS3.18 annex F) straight from the bytes of its text, where it is written in the plainest
 * way there is: `{"vr":"CS","Value":["MG"]}`, `{"vr":"DS","Value":[0.07,0.07]}`, `{"vr":"OB","InlineBinary":"AAE="}` (or
 * BulkDataURI) or `{"vr":"SH"}`, in ASCII, without spaces and escapes. Then the text is what JSON.stringify would write of the element.
 */

export interface PlainElement {
  /** Without its values where they are not wanted. */
  readonly element: { readonly vr: string; readonly Value?: readonly unknown[] } & Record<string, unknown>;
  /** Whether it has a list of values, or none, and no text in place of them. */
  readonly isList: boolean;
  /** Offset after the element. */
  readonly end: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const CLOSE = 0x7d;

const START = Buffer.from('{"vr":"');
const VALUE = Buffer.from('"Value":[');
/** Members that hold a text, and their names. */
const TEXTS = ['InlineBinary', 'BulkDataURI'].map((name) => ({ name, start: Buffer.from(`"${name}":"`) }));
const VR_LENGTH = 2;

/**
 * The element at an offset; null where it is written in any other way.
 * @param isWanted whether its values are; else only where it ends is found
 */
export function plainElementAt(bytes: Buffer, at: number, isWanted: boolean): PlainElement | null {
  if (!startsWith(bytes, at, START)) return null;
  const vrEnd = at + START.length + VR_LENGTH;
  const vr = vrAt(bytes, vrEnd - VR_LENGTH);
  if (vr === null || bytes[vrEnd] !== QUOTE) return null;
  const next = vrEnd + 1;
  if (bytes[next] === CLOSE) return { element: { vr }, isList: true, end: next + 1 };
  if (bytes[next] !== COMMA) return null;
  if (startsWith(bytes, next + 1, VALUE)) return withValue(bytes, next + 1 + VALUE.length, vr, isWanted);
  const text = TEXTS.find(({ start }) => startsWith(bytes, next + 1, start));
  return text === undefined ? null : withText(bytes, next + 1 + text.start.length, vr, text.name, isWanted);
}

function withValue(bytes: Buffer, start: number, vr: string, isWanted: boolean): PlainElement | null {
  const values: unknown[] = [];
  for (let at = start; ; at++) {
    const isText = bytes[at] === QUOTE;
    const end = isText ? endOfText(bytes, at + 1) : endOfNumber(bytes, at);
    if (end === -1) return null;
    if (!isText) {
      const number = plainNumber(bytes.toString('latin1', at, end));
      if (number === null) return null;
      values.push(number);
    } else if (isWanted) values.push(bytes.toString('latin1', at + 1, end));
    at = isText ? end + 1 : end;
    if (bytes[at] === COMMA) continue;
    if (bytes[at] !== CLOSE_LIST || bytes[at + 1] !== CLOSE) return null;
    return { element: { vr, Value: values }, isList: true, end: at + 2 };
  }
}

function withText(
  bytes: Buffer,
  start: number,
  vr: string,
  name: string,
  isWanted: boolean,
): PlainElement | null {
  const end = endOfText(bytes, start);
  if (end === -1 || bytes[end + 1] !== CLOSE) return null;
  const element = isWanted ? { vr, [name]: bytes.toString('latin1', start, end) } : { vr };
  return { element, isList: false, end: end + 2 };
}

/** Offset of the quotation mark after printable ASCII without escapes; -1 where other characters stand. */
function endOfText(bytes: Buffer, start: number): number {
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at;
    if (byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return -1;
  }
  return -1;
}

/** Offset after the digits, signs and letters of a number; -1 where none stands. */
function endOfNumber(bytes: Buffer, start: number): number {
  const first = bytes[start] ?? 0;
  if (first !== MINUS && (first < 0x30 || first > 0x39)) return -1;
  for (let at = start + 1; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === COMMA || byte === CLOSE_LIST) return at;
  }
  return -1;
}

/** Up to 15 digits: what such a text is as a double, JavaScript writes as the same text. */
const PLAIN_NUMBER = /^(?:-?[1-9]\d*(?:\.\d*[1-9])?|-?0\.0{0,5}[1-9](?:\d*[1-9])?|0)$/;
const LONGEST_NUMBER = 16;

/** The number that a text is, where it is written as JavaScript would write it, and a double can hold it. */
function plainNumber(text: string): number | null {
  if (text.length > LONGEST_NUMBER || !PLAIN_NUMBER.test(text)) return null;
  const number = Number(text);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? null : number;
}
