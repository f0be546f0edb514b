import { BACKSLASH, CLOSE, CLOSE_LIST, COLON, COMMA, OPEN, QUOTE } from './json-characters.js';
import { isUtf8 } from 'node:buffer';
import { parsePlainValue } from '../omi-db/json.js';
import { skipSpace } from './bytes.js';
import {
  notHeld,
  unselected,
  wholeElement,
  type JsonElement,
  type JsonElementReader,
} from './json-element.js';
import type { KnownKey } from './json-known-key.js';
import {
  endOfElement,
  endOfNumber,
  endOfText,
  endOfValues,
  plainNumber,
  QUOTED_LENGTH,
} from './json-plain-bytes.js';
import type { SequenceParts } from './json-sequence-parts.js';
import type { PlainValues, WholeValues } from './json-whole-values.js';

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
    const values = known.valuesAt(this.#bytes, this.#view, at);
    const plain = known.isSelected ? this.#selected(at, values, known) : this.#unselected(at, values, known);
    return plain ?? this.#any(at, known);
  }

  #selected(at: number, values: number, known: KnownKey): JsonElement | null {
    if (values === -1) return null;
    if (known.whole !== null) return this.#whole(values, known, known.whole);
    return known.parts === null ? null : this.#sequence(at, values, known.key, known.parts);
  }

  #whole(at: number, { key, vr }: KnownKey, whole: WholeValues): JsonElement | null {
    const values = this.#values(at);
    const cells = values === null ? null : whole.cells(vr, values);
    return cells === null ? null : wholeElement(key, whole, { vr, Value: values! }, cells);
  }

  /** The values of a list, of which the first begins at an offset; null where they are not plain. */
  #values(start: number): PlainValues | null {
    const bytes = this.#bytes;
    let values: (string | number)[] | null = null;
    for (let at = start; ; at++) {
      const isText = bytes[at] === QUOTE;
      const end = isText ? endOfText(bytes, at + 1) : endOfNumber(bytes, at);
      if (end === -1) return null;
      const value = isText ? bytes.toString('latin1', at + 1, end) : plainNumber(bytes, at, end);
      // Most elements have one: made with it, a list takes a tenth of the memory of one that grows.
      if (values === null) values = [value];
      else values.push(value);
      at = isText ? end + 1 : end;
      if (bytes[at] === COMMA) continue;
      if (bytes[at] !== CLOSE_LIST || bytes[at + 1] !== CLOSE) return null;
      this.end = at + 2;
      return values;
    }
  }

  #sequence(at: number, values: number, key: string, parts: SequenceParts): JsonElement | null {
    const cells = parts.cells(this.#bytes, this.#view, values);
    if (cells === null) return null;
    this.end = parts.end;
    return notHeld(key, this.#bytes.toString('latin1', at, this.end), cells);
  }

  /** An element that no column is made of, as most are that are new: its text is all that is made of it. */
  #unselected(at: number, values: number, { key }: KnownKey): JsonElement | null {
    const bytes = this.#bytes;
    const start = at + QUOTED_LENGTH + 1;
    if (bytes[start - 1] !== COLON) return null;
    const end = values === -1 ? endOfElement(bytes, start) : endOfValues(bytes, values);
    if (end === -1) return null;
    this.end = end;
    return unselected(key, bytes.toString('latin1', at, end));
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
