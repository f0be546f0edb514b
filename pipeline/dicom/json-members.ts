import { CLOSE, COMMA, OPEN, QUOTE } from './json-characters.js';
import { BytePattern, skipSpace, viewOf } from './bytes.js';
import { FamiliarOrder } from './familiar-order.js';
import type { JsonElement, JsonElementReader } from './json-element.js';
import { InOrder } from './json-key-order.js';
import { KnownKey } from './json-known-key.js';
import { NewElements } from './json-new-elements.js';
import { hexCode, QUOTED_LENGTH } from './json-plain-bytes.js';

/**
 * Reads headers in DICOM JSON from their bytes. Headers of one device repeat most of their elements byte for byte: what
 * was met before is recognised by its bytes and not parsed again.
 */

/** Keys in all: damaged files may have any. */
const MOST_KEYS = 4096;
/** Larger objects are looked at more closely (json-size.ts). */
const LARGEST_OBJECT = 256 * 1024;
const MOST_IN_OBJECT = 2000;

/** Reads headers one after the other, and remembers their elements. */
export class RememberedElements {
  readonly #reader: JsonElementReader;
  readonly #new: NewElements;
  readonly #order = new FamiliarOrder<KnownKey>();
  #keys = new Map<number, KnownKey>();
  /** Where the member that was read last ends. */
  #end = 0;
  /** Of the bytes that are being read. */
  #view: DataView = new DataView(new ArrayBuffer(0));

  constructor(reader: JsonElementReader) {
    this.#reader = reader;
    this.#new = new NewElements(reader);
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
    this.#new.begin(bytes, this.#view);
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
    return this.#read(at, key);
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
      known = new KnownKey(key, quoted, this.#reader);
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
  #read(at: number, key: KnownKey): JsonElement | null {
    const element = this.#new.read(at, key);
    if (element === null) return null;
    this.#end = this.#new.end;
    const { elements } = key;
    if (elements.wants(this.#end - at)) elements.remember(this.#view, at, this.#end, element);
    return element;
  }
}
