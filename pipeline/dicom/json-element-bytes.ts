import { startsWith } from './bytes.js';
import {
  AFTER_VR,
  endOfNumber,
  endOfText,
  hasVr,
  plainNumber,
  VALUE,
  VR_LENGTH,
} from './json-plain-bytes.js';
import { vrAt } from './value-representation.js';

/** Reads an element of DICOM JSON, without items, straight from the bytes of its text where it is plain (json-plain-bytes.ts). */

export interface PlainElement {
  readonly element: { readonly vr: string; readonly Value?: readonly unknown[] } & Record<string, unknown>;
  /** Whether it has a list of values, or none, and no text in place of them. */
  readonly isList: boolean;
  /** Offset after the element. */
  readonly end: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const CLOSE_LIST = 0x5d;
const CLOSE = 0x7d;

/** Members that hold a text, and their names. */
const TEXTS = ['InlineBinary', 'BulkDataURI'].map((name) => ({ name, start: Buffer.from(`,"${name}":"`) }));

/** The element at an offset; null where it is written in any other way, or has items. */
export function plainElementAt(bytes: Buffer, start: number): PlainElement | null {
  if (!hasVr(bytes, start)) return null;
  const next = start + AFTER_VR;
  const vr = vrAt(bytes, next - 1 - VR_LENGTH)!;
  if (bytes[next] === CLOSE) return { element: { vr }, isList: true, end: next + 1 };
  if (startsWith(bytes, next, VALUE)) return withValue(bytes, next + VALUE.length, vr);
  const text = TEXTS.find((member) => startsWith(bytes, next, member.start));
  return text === undefined ? null : withText(bytes, next + text.start.length, vr, text.name);
}

function withValue(bytes: Buffer, start: number, vr: string): PlainElement | null {
  let values: unknown[] | null = null;
  for (let at = start; ; at++) {
    const isText = bytes[at] === QUOTE;
    const end = isText ? endOfText(bytes, at + 1) : endOfNumber(bytes, at);
    if (end === -1) return null;
    const value = isText ? bytes.toString('latin1', at + 1, end) : plainNumber(bytes, at, end);
    // NaN is the one that is not itself.
    if (value !== value) return null;
    // Most elements have one: made with it, a list takes a tenth of the memory of one that grows.
    if (values === null) values = [value];
    else values.push(value);
    at = isText ? end + 1 : end;
    if (bytes[at] === COMMA) continue;
    if (bytes[at] !== CLOSE_LIST || bytes[at + 1] !== CLOSE) return null;
    return { element: { vr, Value: values }, isList: true, end: at + 2 };
  }
}

function withText(bytes: Buffer, start: number, vr: string, name: string): PlainElement | null {
  const end = endOfText(bytes, start);
  if (end === -1 || bytes[end + 1] !== CLOSE) return null;
  return { element: { vr, [name]: bytes.toString('latin1', start, end) }, isList: false, end: end + 2 };
}
