/** Whether these bytes stand at an offset of others. */
export function startsWith(bytes: Buffer, at: number, start: Buffer): boolean {
  for (let i = 0; i < start.length; i++) if (bytes[at + i] !== start[i]) return false;
  return true;
}

/** Whether as many bytes of two buffers are the same. */
export function areSame(some: Buffer, start: number, other: Buffer, from: number, count: number): boolean {
  for (let i = 0; i < count; i++) if (some[start + i] !== other[from + i]) return false;
  return true;
}

/** Offset of the first byte from here on that is no white space of JSON. */
export function skipSpace(bytes: Buffer, at: number): number {
  let next = at;
  for (let byte = bytes[next]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;) {
    byte = bytes[++next];
  }
  return next;
}

/** A view of the same bytes that numbers can be read from, four bytes at a time. */
export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** At least eight bytes that are looked for again and again: compared four at a time, those near the end first. */
export class BytePattern {
  static readonly SHORTEST = 8;
  readonly length: number;
  /** No typed array: thousands of short ones take far longer to make. */
  readonly #words: number[];
  readonly #last: number;
  /** Patterns that begin alike, as elements of one key do, differ here. */
  readonly #beforeLast: number;

  /** @param end offset after the last of them */
  constructor(view: DataView, start: number, end: number) {
    this.length = end - start;
    this.#words = new Array<number>(this.length >> 2);
    for (let i = 0; i < this.#words.length; i++) this.#words[i] = view.getInt32(start + 4 * i, true);
    this.#last = view.getInt32(end - 4, true);
    this.#beforeLast = view.getInt32(end - 8, true);
  }

  standsAt(view: DataView, at: number): boolean {
    const end = at + this.length;
    if (end > view.byteLength || view.getInt32(end - 8, true) !== this.#beforeLast) return false;
    const words = this.#words;
    for (let i = 0; i < words.length; i++) if (view.getInt32(at + 4 * i, true) !== words[i]) return false;
    return view.getInt32(end - 4, true) === this.#last;
  }
}
