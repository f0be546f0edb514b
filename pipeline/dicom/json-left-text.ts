import { GrowingBuffer } from '../base/buffers.js';
import { viewOf } from './bytes.js';

/** More elements a header that is read from its bytes does not have (json-members.ts). */
export const MOST_ELEMENTS = 2000;

const COMMA = ','.charCodeAt(0);
const OPEN = '{'.charCodeAt(0);
const CLOSE = '}'.charCodeAt(0);

/**
 * The elements of one header in DICOM JSON that no column holds, as the text of a JSON object. Where their bytes in the
 * file are that text, it is copied from them in one piece, whole runs of elements at a time, without a text for each.
 */
export class LeftText {
  readonly #buffer = new GrowingBuffer(16 * 1024, 256 * 1024);
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Where the pieces lie in the bytes, each one or more members. */
  readonly #starts = new Int32Array(MOST_ELEMENTS);
  readonly #ends = new Int32Array(MOST_ELEMENTS);
  /** Of the piece of a key that looks like an integer, which JavaScript puts in front of others, that number; else 0. */
  readonly #integers = new Int32Array(MOST_ELEMENTS);
  /** Texts of pieces that do not stand so in the bytes; null for one that is nothing. */
  readonly #texts = new Map<number, string | null>();
  #count = 0;
  #size = 0;
  #isInOrder = true;

  /** Another header begins. @param view of its bytes */
  begin(bytes: Buffer, view: DataView): void {
    this.#bytes = bytes;
    this.#view = view;
    this.#count = 0;
    this.#size = 0;
    this.#isInOrder = true;
    if (this.#texts.size > 0) this.#texts.clear();
  }

  /**
   * Adds an element whose bytes in the file, in ASCII, are its text.
   * @param integer that its key looks like, or 0
   * @param end offset after it
   */
  add(integer: number, start: number, end: number): void {
    const last = this.#count - 1;
    // Only a comma is between them.
    if (integer === 0 && last >= 0 && start === this.#ends[last]! + 1 && this.#integers[last] === 0) {
      this.#ends[last] = end;
      this.#size += end - start + 1;
    } else this.#addPiece(integer, start, end);
  }

  /** Adds an element of any text. @returns its place, for `setText` */
  addText(integer: number, text: string | null): number {
    // No other piece is appended to one that ends before the bytes begin.
    const place = this.#addPiece(integer, -2, -2);
    this.#texts.set(place, text);
    return place;
  }

  /** @param text null where it is nothing */
  setText(place: number, text: string | null): void {
    this.#texts.set(place, text);
  }

  /** The text in the order that JSON.parse gives to keys; null for none. */
  finish(): string | null {
    if (this.#count === 0) return null;
    return this.#isInOrder && this.#texts.size === 0 ? this.#copied() : this.#joined();
  }

  #addPiece(integer: number, start: number, end: number): number {
    const place = this.#count++;
    this.#starts[place] = start;
    this.#ends[place] = end;
    this.#integers[place] = integer;
    this.#size += end - start + 1;
    if (integer !== 0 && place > 0) {
      const before = this.#integers[place - 1]!;
      if (before === 0 || before > integer) this.#isInOrder = false;
    }
    return place;
  }

  #copied(): string {
    const text = this.#buffer.room(this.#size + 1);
    const to = viewOf(text);
    let end = 0;
    for (let i = 0; i < this.#count; i++) {
      text[end++] = COMMA;
      end = copyBytes(this.#bytes, this.#view, this.#starts[i]!, this.#ends[i]!, text, to, end);
    }
    text[0] = OPEN;
    text[end] = CLOSE;
    const whole = text.toString('latin1', 0, end + 1);
    this.#buffer.shrink();
    return whole;
  }

  #joined(): string | null {
    const integers = this.#integers;
    const places = Array.from({ length: this.#count }, (_, place) => place);
    const inOrder = [
      ...places.filter((place) => integers[place] !== 0).sort((a, b) => integers[a]! - integers[b]!),
      ...places.filter((place) => integers[place] === 0),
    ];
    const members = inOrder.map((place) => this.#textOf(place)).filter((text) => text !== null);
    return members.length === 0 ? null : `{${members.join(',')}}`;
  }

  #textOf(place: number): string | null {
    const text = this.#texts.get(place);
    return text === undefined ? this.#bytes.toString('latin1', this.#starts[place], this.#ends[place]) : text;
  }
}

/** Copies bytes four at a time, and the last ones one by one. @returns offset after the copy */
function copyBytes(
  bytes: Buffer,
  from: DataView,
  start: number,
  end: number,
  text: Buffer,
  to: DataView,
  at: number,
): number {
  let next = at;
  let read = start;
  for (const last = end - 4; read <= last; read += 4, next += 4) to.setInt32(next, from.getInt32(read));
  while (read < end) text[next++] = bytes[read++]!;
  return next;
}
