import { BACKSLASH, CLOSE, CLOSE_LIST, COLON, COMMA, OPEN, QUOTE } from './json-characters.js';
import { isUtf8 } from 'node:buffer';
import { parsePlainValue } from '../omi-db/json.js';
import { skipSpace } from './bytes.js';
import { NO_CELLS } from './element-cells.js';
import type { HeaderParts } from './json-header-parts.js';
import { held, notHeld, PLAIN_LEFT, type JsonElement, type JsonElementReader } from './json-element.js';
import type { KnownKey } from './json-known-key.js';
import {
  endOfElement,
  endOfNumber,
  endOfText,
  endOfValues,
  plainNumber,
  QUOTED_LENGTH,
} from './json-plain-bytes.js';
import type { WholeValues } from './json-whole-values.js';

/** Reads elements of headers in DICOM JSON that were not met before, each the shortest way that its text allows. */
export class NewElements {
  readonly #reader: JsonElementReader;
  readonly #parts: HeaderParts;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Of the element that is being read; used again for the next. */
  readonly #values: (string | number)[] = [];
  /** What the element gave that was read last; null where it went to its columns by itself. */
  #last: JsonElement | null = null;
  /** Offset after the element that was read last. */
  end = 0;

  constructor(reader: JsonElementReader, parts: HeaderParts) {
    this.#reader = reader;
    this.#parts = parts;
  }

  /** Another header begins. @param view of its bytes */
  begin(bytes: Buffer, view: DataView): void {
    this.#bytes = bytes;
    this.#view = view;
  }

  /** Reads the element whose key stands at an offset to the parts of its header; false where it cannot be read simply. */
  read(at: number, known: KnownKey): boolean {
    this.#last = null;
    if (known.isPrivate) return this.#private(at, known);
    const values = known.valuesAt(this.#bytes, this.#view, at);
    if (known.whole !== null && values !== -1 && this.#whole(values, known, known.whole)) return true;
    const element =
      (known.isSelected ? this.#sequence(values, known) : this.#unselected(at, values)) ??
      this.#any(at, known);
    if (element === null) return false;
    this.#last = element;
    this.#parts.add(element, known.integer, at, this.end);
    return true;
  }

  /** What the element that was read last gives, to be remembered. */
  element({ whole, vr }: KnownKey): JsonElement {
    return this.#last ?? held({ ...NO_CELLS, cells: whole!.cells() }, whole!.held(vr));
  }

  #whole(at: number, { vr }: KnownKey, whole: WholeValues): boolean {
    if (!this.#readValues(at) || !whole.add(vr, this.#values, this.#parts.cells)) return false;
    this.#parts.addHeld(whole.held(vr));
    return true;
  }

  /** Reads the values of a list, of which the first begins at an offset; false where they are not plain. */
  #readValues(start: number): boolean {
    const bytes = this.#bytes;
    const values = this.#values;
    let count = 0;
    for (let at = start; ; at++) {
      const isText = bytes[at] === QUOTE;
      const end = isText ? endOfText(bytes, at + 1) : endOfNumber(bytes, at);
      if (end === -1) return false;
      values[count++] = isText ? bytes.toString('latin1', at + 1, end) : plainNumber(bytes, at, end);
      at = isText ? end + 1 : end;
      if (bytes[at] === COMMA) continue;
      if (bytes[at] !== CLOSE_LIST || bytes[at + 1] !== CLOSE) return false;
      if (values.length !== count) values.length = count;
      this.end = at + 2;
      return true;
    }
  }

  #sequence(values: number, { parts }: KnownKey): JsonElement | null {
    const cells = values === -1 || parts === null ? null : parts.cells(this.#bytes, this.#view, values);
    if (cells === null) return null;
    this.end = parts!.end;
    return notHeld(cells, null);
  }

  /** An element that no column is made of, as most are that are new: only its end is looked for. */
  #unselected(at: number, values: number): JsonElement | null {
    const bytes = this.#bytes;
    const start = at + QUOTED_LENGTH + 1;
    if (bytes[start - 1] !== COLON) return null;
    const end = values === -1 ? endOfElement(bytes, start) : endOfValues(bytes, values);
    if (end === -1) return null;
    this.end = end;
    return PLAIN_LEFT;
  }

  /** Any that parsePlainValue reads. */
  #any(at: number, { key }: KnownKey): JsonElement | null {
    const value = this.#parsed(at);
    return value === undefined ? null : this.#reader.read(key, key, value);
  }

  /** One of a group whose elements go by their creators, which may come after it. */
  #private(at: number, { key, integer }: KnownKey): boolean {
    const value = this.#parsed(at);
    if (value === undefined) return false;
    this.#parts.notePrivate(key, value, integer);
    return true;
  }

  #parsed(at: number): unknown {
    const bytes = this.#bytes;
    const colon = skipSpace(bytes, at + QUOTED_LENGTH);
    if (bytes[colon] !== COLON) return undefined;
    const start = skipSpace(bytes, colon + 1);
    const end = bytes[start] === OPEN ? endOfObject(bytes, start) : -1;
    const text = end === -1 ? null : utf8Text(bytes, start, end);
    const value = text === null ? undefined : parsePlainValue(text);
    if (value !== undefined) this.end = end;
    return value;
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
