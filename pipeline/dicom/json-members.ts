import { CLOSE, COMMA, OPEN, QUOTE } from './json-characters.js';
import { BytePattern, skipSpace } from './bytes.js';
import { FamiliarOrder } from './familiar-order.js';
import type { JsonElementReader } from './json-element.js';
import type { HeaderParts } from './json-header-parts.js';
import { KnownKey } from './json-known-key.js';
import { NewElements } from './json-new-elements.js';
import { MOST_ELEMENTS } from './json-left-text.js';
import { hexCode, QUOTED_LENGTH } from './json-plain-bytes.js';

/**
 * Reads headers in DICOM JSON from their bytes. Headers of one device repeat most of their elements byte for byte: what
 * was met before is recognised by its bytes and not parsed again.
 */

/** Keys in all: damaged files may have any. */
const MOST_KEYS = 4096;
/** Larger objects are looked at more closely (json-size.ts). */
const LARGEST_OBJECT = 256 * 1024;

/** Reads headers one after the other, and remembers their elements. */
export class RememberedElements {
  readonly #reader: JsonElementReader;
  readonly #parts: HeaderParts;
  readonly #new: NewElements;
  readonly #order = new FamiliarOrder<KnownKey>();
  #keys = new Map<number, KnownKey>();
  /** Where the member that was read last ends. */
  #end = 0;
  /** Of the bytes that are being read. */
  #view: DataView = new DataView(new ArrayBuffer(0));

  /** @param parts what the elements of a header give is added to, which is begun for each */
  constructor(reader: JsonElementReader, parts: HeaderParts) {
    this.#reader = reader;
    this.#parts = parts;
    this.#new = new NewElements(reader, parts);
  }

  /**
   * @returns false where the text is anything but a sound object of at least one and at most 2000 keys of eight hex digits
   *   in capitals, each of them once and with an object that parsePlainValue reads: what was added is of no use then
   */
  read(bytes: Buffer, view: DataView): boolean {
    if (bytes.length > LARGEST_OBJECT) return false;
    this.#begin(bytes, view);
    let at = skipSpace(bytes, 0);
    if (bytes[at] !== OPEN) return false;
    for (let count = 0; count < MOST_ELEMENTS; count++) {
      at = skipSpace(bytes, at + 1);
      if (!this.#readExpected(at) && !this.#readOther(bytes, at)) return false;
      at = skipSpace(bytes, this.#end);
      if (bytes[at] === CLOSE) return skipSpace(bytes, at + 1) === bytes.length;
      if (bytes[at] !== COMMA) return false;
    }
    return false;
  }

  #begin(bytes: Buffer, view: DataView): void {
    this.#view = view;
    this.#new.begin(bytes, view);
    this.#order.begin();
    if (this.#keys.size <= MOST_KEYS) return;
    this.#keys = new Map();
    this.#order.forget();
  }

  /** Reads the element of the key that most likely comes now, where it was met before: one comparison for key and value. */
  #readExpected(at: number): boolean {
    const { expected } = this.#order;
    return expected !== null && !this.#order.wasSeen(expected) && this.#recognise(at, expected);
  }

  /** Reads any other element; false where none stands there that can be read simply, or its key stood in this header already. */
  #readOther(bytes: Buffer, at: number): boolean {
    const { expected } = this.#order;
    const key = this.#keyAt(bytes, at);
    if (key === null || this.#order.wasSeen(key)) return false;
    if (key !== expected && this.#recognise(at, key)) return true;
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

  /** Reads the element of a key that stands at an offset; false where it was not met before. */
  #recognise(at: number, key: KnownKey): boolean {
    const known = key.elements.recognise(this.#view, at);
    if (known === null) return false;
    this.#order.markSeen(this.#order.follow(key));
    this.#end = at + known.length;
    this.#parts.add(known.value, key.integer, at, this.#end);
    return true;
  }

  /** Reads an element that was not met before; false where it cannot be read simply. */
  #read(at: number, key: KnownKey): boolean {
    if (!this.#new.read(at, key)) return false;
    this.#end = this.#new.end;
    // What a private element gives depends on others.
    if (key.isPrivate) return true;
    const { elements } = key;
    if (elements.wants(this.#end - at)) elements.remember(this.#view, at, this.#end, this.#new.element(key));
    return true;
  }
}
