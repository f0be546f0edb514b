import { isUtf8 } from 'node:buffer';
import { parsePlainValue } from '../omi-db/json.js';
import { BytePattern, viewOf } from './bytes.js';
import { unselected, type JsonElement, type JsonElementReader } from './json-element.js';
import { plainElementAt } from './json-element-bytes.js';
import { endOfElement, hexCode, QUOTED_LENGTH } from './json-plain-bytes.js';
import type { SequenceParts } from './json-sequence-parts.js';
import { FamiliarOrder, type Place } from './familiar-order.js';
import { Remembered } from './remembered.js';

/**
 * Reads headers in DICOM JSON from their bytes. Headers of one device repeat most of their elements byte for byte: what
 * was met before is recognised by its bytes and not parsed again.
 */

/** What is known of a key. */
class KnownKey implements Place<KnownKey> {
  /** By their bytes, those of the key too: `"00080060":{"vr":"CS","Value":["MG"]}`. */
  readonly elements = new Remembered<JsonElement>();
  seenIn = 0;
  next: KnownKey | null = null;

  /**
   * @param quoted the key as it is written, between quotation marks
   * @param isSelected whether anything of its elements goes to a column
   * @param parts what is read of its elements where they are sequences; null where that is not known
   */
  constructor(
    readonly key: string,
    readonly quoted: BytePattern,
    readonly isSelected: boolean,
    readonly parts: SequenceParts | null,
  ) {}
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** Keys in all: damaged files may have any. */
const MOST_KEYS = 4096;
/** Larger objects are looked at more closely (json-size.ts). */
const LARGEST_OBJECT = 256 * 1024;
const MOST_IN_OBJECT = 2000;

/** Reads headers one after the other, and remembers their elements. */
export class RememberedElements {
  readonly #reader: JsonElementReader;
  readonly #order = new FamiliarOrder<KnownKey>();
  #keys = new Map<number, KnownKey>();
  /** Where the member that was read last ends. */
  #end = 0;
  /** Of the bytes that are being read. */
  #view: DataView = new DataView(new ArrayBuffer(0));

  constructor(reader: JsonElementReader) {
    this.#reader = reader;
  }

  /**
   * @returns all elements in the order that JSON.parse gives to keys; null where the text is anything but
   *   a sound object of at least one and at most 2000 keys of eight hex digits in capitals, each of them once and with
   *   an object that parsePlainValue reads
   */
  read(bytes: Buffer): JsonElement[] | null {
    if (bytes.length > LARGEST_OBJECT) return null;
    this.#begin(bytes);
    const elements = new InOrder();
    let at = skipSpace(bytes, 0);
    if (bytes[at] !== OPEN) return null;
    for (let count = 0; count < MOST_IN_OBJECT; count++) {
      at = skipSpace(bytes, at + 1);
      const element = this.#expectedAt(at) ?? this.#elementAt(bytes, at);
      if (element === null) return null;
      elements.add(element);
      at = skipSpace(bytes, this.#end);
      if (bytes[at] === CLOSE) return skipSpace(bytes, at + 1) === bytes.length ? elements.all() : null;
      if (bytes[at] !== COMMA) return null;
    }
    return null;
  }

  #begin(bytes: Buffer): void {
    this.#view = viewOf(bytes);
    this.#order.begin();
    if (this.#keys.size <= MOST_KEYS) return;
    this.#keys = new Map();
    this.#order.forget();
  }

  /** The element of the key that most likely comes now, where it was met before: one comparison for key and value. */
  #expectedAt(at: number): JsonElement | null {
    const { expected } = this.#order;
    return expected === null || this.#order.wasSeen(expected) ? null : this.#recognise(at, expected);
  }

  /** Any other element; null where none stands there that can be read simply, or its key stood in this header already. */
  #elementAt(bytes: Buffer, at: number): JsonElement | null {
    const { expected } = this.#order;
    const key = this.#keyAt(bytes, at);
    if (key === null || this.#order.wasSeen(key)) return null;
    const known = key === expected ? null : this.#recognise(at, key);
    if (known !== null) return known;
    this.#order.markSeen(this.#order.follow(key));
    return this.#parse(bytes, at, key);
  }

  /** What is known of the key at an offset; null where none stands there. */
  #keyAt(bytes: Buffer, at: number): KnownKey | null {
    const { expected } = this.#order;
    if (expected !== null && expected.quoted.standsAt(this.#view, at)) return expected;
    if (bytes[at] !== QUOTE || bytes[at + QUOTED_LENGTH - 1] !== QUOTE) return null;
    const code = hexCode(bytes, at + 1);
    if (code === -1) return null;
    let known = this.#keys.get(code);
    if (known === undefined) {
      const quoted = new BytePattern(this.#view, at, at + QUOTED_LENGTH);
      const key = bytes.toString('latin1', at + 1, at + QUOTED_LENGTH - 1);
      known = new KnownKey(key, quoted, this.#reader.isSelected(key), this.#reader.partsOf(key));
      this.#keys.set(code, known);
    }
    return known;
  }

  /** The element of a key that stands at an offset, where it was met before. */
  #recognise(at: number, key: KnownKey): JsonElement | null {
    const known = key.elements.recognise(this.#view, at);
    if (known === null) return null;
    this.#order.markSeen(this.#order.follow(key));
    this.#end = at + known.length;
    return known.value;
  }

  /** An element that was not met before; null where it cannot be read simply. */
  #parse(bytes: Buffer, at: number, known: KnownKey): JsonElement | null {
    const element = this.#parsePlain(bytes, at, known) ?? this.#parseAny(bytes, at, known.key);
    if (element !== null && known.elements.wants(this.#end - at))
      known.elements.remember(this.#view, at, this.#end, element);
    return element;
  }

  #parsePlain(bytes: Buffer, at: number, { key, isSelected, parts }: KnownKey): JsonElement | null {
    const start = at + QUOTED_LENGTH + 1;
    if (bytes[start - 1] !== COLON) return null;
    if (!isSelected) {
      const end = endOfElement(bytes, start);
      if (end === -1) return null;
      this.#end = end;
      // Most that is new in a header is in no column: its text is all that is made of it.
      return unselected(key, bytes.toString('latin1', at, end));
    }
    const sequence = parts === null ? null : parts.readSequence(bytes, start);
    if (sequence !== null)
      return this.#reader.readSequence(key, sequence, bytes.toString('latin1', at, (this.#end = parts!.end)));
    const plain = plainElementAt(bytes, start);
    if (plain === null) return null;
    this.#end = plain.end;
    return this.#reader.readPlain(key, plain, bytes, at);
  }

  #parseAny(bytes: Buffer, at: number, key: string): JsonElement | null {
    const colon = skipSpace(bytes, at + QUOTED_LENGTH);
    if (bytes[colon] !== COLON) return null;
    const start = skipSpace(bytes, colon + 1);
    const end = bytes[start] === OPEN ? endOfObject(bytes, start) : -1;
    if (end === -1) return null;
    const text = utf8Text(bytes, start, end);
    const value = text === null ? undefined : parsePlainValue(text);
    if (value === undefined) return null;
    this.#end = end;
    return this.#reader.read(key, key, value);
  }
}

/** Elements in the order of the keys of a JavaScript object: those that look like integers first, by number. */
class InOrder {
  readonly #elements: JsonElement[] = [];
  /** Of those that came in that order, the last that looks like an integer. */
  #last = 0;
  #hasOthers = false;
  #isInOrder = true;

  add(element: JsonElement): void {
    const integer = integerOf(element);
    if (integer === null) this.#hasOthers = true;
    else if (this.#hasOthers || integer < this.#last) this.#isInOrder = false;
    else this.#last = integer;
    this.#elements.push(element);
  }

  all(): JsonElement[] {
    const elements = this.#elements;
    // Written by a program in JavaScript, or sorted by tag, they came so.
    if (this.#isInOrder) return elements;
    const integers = elements.filter((element) => integerOf(element) !== null);
    integers.sort((a, b) => Number(a.key) - Number(b.key));
    return [...integers, ...elements.filter((element) => integerOf(element) === null)];
  }
}

const INTEGER = /^\d+$/;

/** The number that a key looks like, which JavaScript then takes for the place in an object; else null. */
function integerOf({ key }: JsonElement): number | null {
  const first = key.charCodeAt(0);
  return first > 0x30 && first <= 0x39 && INTEGER.test(key) ? Number(key) : null;
}

function skipSpace(bytes: Buffer, at: number): number {
  let next = at;
  for (let byte = bytes[next]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;) {
    byte = bytes[++next];
  }
  return next;
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
