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
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
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
  let values: unknown[] | null = null;
  for (let at = start; ; at++) {
    const isText = bytes[at] === QUOTE;
    const end = isText ? endOfText(bytes, at + 1) : endOfNumber(bytes, at);
    if (end === -1) return null;
    const number = isText ? null : plainNumber(bytes, at, end);
    if (!isText && number === null) return null;
    if (isWanted) {
      const value = number ?? bytes.toString('latin1', at + 1, end);
      // Most elements have one: made with it, a list takes a tenth of the memory of one that grows.
      if (values === null) values = [value];
      else values.push(value);
    }
    at = isText ? end + 1 : end;
    if (bytes[at] === COMMA) continue;
    if (bytes[at] !== CLOSE_LIST || bytes[at + 1] !== CLOSE) return null;
    return { element: { vr, Value: values ?? NONE }, isList: true, end: at + 2 };
  }
}

const NONE: readonly unknown[] = [];

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
  if (first !== MINUS && (first < ZERO || first > NINE)) return -1;
  for (let at = start + 1; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === COMMA || byte === CLOSE_LIST) return at;
  }
  return -1;
}

/** Whole numbers of so many digits are doubles. */
const MOST_DIGITS = 15;
/** Smaller numbers JavaScript writes with an exponent. */
const LEAST_FRACTION = 1e-6;
/** Doubles, exactly: what is left of so many digits, divided by one, is the double next to the number that they stand for. */
const POWERS_OF_TEN = Array.from({ length: MOST_DIGITS }, (_, exponent) => 10 ** exponent);

/** The number whose text stands here, where JavaScript would write it so, in up to 15 digits; else null. */
function plainNumber(bytes: Buffer, start: number, end: number): number | null {
  const isNegative = bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  let digits = 0;
  let point = end;
  for (let at = first; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= ZERO && byte <= NINE) digits = 10 * digits + byte - ZERO;
    else if (byte === POINT && point === end) point = at;
    else return null;
  }
  const decimals = end - point - 1;
  const count = decimals === -1 ? end - first : end - first - 1;
  if (count > MOST_DIGITS || !isShortest(bytes, first, point, end)) return null;
  const size = decimals === -1 ? digits : digits / POWERS_OF_TEN[decimals]!;
  if (decimals !== -1 && size < LEAST_FRACTION) return null;
  if (!isNegative) return size;
  return size === 0 ? null : -size;
}

/** Whether digits stand before a point and after it, and no zero that may be left out. */
function isShortest(bytes: Buffer, first: number, point: number, end: number): boolean {
  const hasWhole = point > first && (bytes[first] !== ZERO || point === first + 1);
  const hasFraction = point < end - 1 && bytes[end - 1] !== ZERO;
  return hasWhole && (point === end || hasFraction);
}
