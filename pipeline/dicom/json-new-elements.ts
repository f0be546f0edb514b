import { isUtf8 } from 'node:buffer';
import { parsePlainValue } from '../omi-db/json.js';
import { skipSpace } from './bytes.js';
import { singleElement, unselected, type JsonElement, type JsonElementReader } from './json-element.js';
import { plainElementAt } from './json-element-bytes.js';
import type { KnownKey } from './json-known-key.js';
import {
  endOfElement,
  endOfNumber,
  endOfText,
  endOfValues,
  plainNumber,
  QUOTED_LENGTH,
} from './json-plain-bytes.js';
import type { SingleValue } from './json-single-value.js';

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Reads elements of headers in DICOM JSON that were not met before, each the shortest way that its text allows. */
export class NewElements {
  readonly #reader: JsonElementReader;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Offset after the element that was read last. */
  end = 0;

  constructor(reader: JsonElementReader) {
    this.#reader = reader;
  }

  /** Another header begins. @param view of its bytes */
  begin(bytes: Buffer, view: DataView): void {
    this.#bytes = bytes;
    this.#view = view;
  }

  /** The element whose key stands at an offset; null where it cannot be read simply. */
  read(at: number, known: KnownKey): JsonElement | null {
    return this.#familiar(at, known) ?? this.#plain(at, known) ?? this.#any(at, known);
  }

  /** One that begins as the one before did, as nearly all do: only its values are new. */
  #familiar(at: number, known: KnownKey): JsonElement | null {
    const { start, single } = known;
    if (start === null || !start.standsAt(this.#view, at)) return null;
    const from = at + start.length;
    if (!known.isSelected) return this.#textTo(endOfValues(this.#bytes, from), at, known);
    return single === null ? null : this.#single(from, known, single);
  }

  /** An element of one value, which begins at an offset. */
  #single(from: number, { key, vr }: KnownKey, single: SingleValue): JsonElement | null {
    const bytes = this.#bytes;
    const isText = bytes[from] === QUOTE;
    const to = isText ? endOfText(bytes, from + 1) : endOfNumber(bytes, from);
    const end = isText ? to + 1 : to;
    if (to === -1 || bytes[end] !== CLOSE_LIST || bytes[end + 1] !== CLOSE) return null;
    const value = isText ? bytes.toString('latin1', from + 1, to) : plainNumber(bytes, from, to);
    const cells = single.cells(vr, value);
    if (cells === null) return null;
    this.end = end + 2;
    return singleElement(key, single, { vr, Value: [value] }, cells);
  }

  /** One without spaces and escapes. */
  #plain(at: number, known: KnownKey): JsonElement | null {
    const { key, isSelected, parts } = known;
    const bytes = this.#bytes;
    const from = at + QUOTED_LENGTH + 1;
    if (bytes[from - 1] !== COLON) return null;
    if (known.start === null) known.learnStart(bytes, this.#view, at);
    if (!isSelected) return this.#textTo(endOfElement(bytes, from), at, known);
    const sequence = parts === null ? null : parts.readSequence(bytes, from);
    if (sequence !== null) {
      this.end = parts!.end;
      return this.#reader.readSequence(key, sequence, bytes.toString('latin1', at, this.end));
    }
    const plain = plainElementAt(bytes, from);
    if (plain === null) return null;
    this.end = plain.end;
    return this.#reader.readPlain(key, plain, bytes, at);
  }

  /** An element that no column is made of, as most are that are new: its text is all that is made of it. */
  #textTo(end: number, at: number, { key }: KnownKey): JsonElement | null {
    if (end === -1) return null;
    this.end = end;
    return unselected(key, this.#bytes.toString('latin1', at, end));
  }

  /** Any that parsePlainValue reads. */
  #any(at: number, { key }: KnownKey): JsonElement | null {
    const bytes = this.#bytes;
    const colon = skipSpace(bytes, at + QUOTED_LENGTH);
    if (bytes[colon] !== COLON) return null;
    const start = skipSpace(bytes, colon + 1);
    const end = bytes[start] === OPEN ? endOfObject(bytes, start) : -1;
    const text = end === -1 ? null : utf8Text(bytes, start, end);
    const value = text === null ? undefined : parsePlainValue(text);
    if (value === undefined) return null;
    this.end = end;
    return this.#reader.read(key, key, value);
  }
}

/** Offset after the object that begins here, by its brackets; -1 where it has no end. */
function endOfObject(bytes: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (byte === OPEN) depth++;
    else if (byte === CLOSE && --depth === 0) return at + 1;
  }
  return -1;
}

/** Offset of the quotation mark that ends the string which begins here, or of the end of the bytes. */
function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** The text of bytes that are UTF-8, else null. */
function utf8Text(bytes: Buffer, start: number, end: number): string | null {
  for (let at = start; at < end; at++) {
    if (bytes[at]! < 0x80) continue;
    return isUtf8(bytes.subarray(start, end)) ? bytes.toString('utf8', start, end) : null;
  }
  return bytes.toString('latin1', start, end);
}
