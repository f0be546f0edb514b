import type { SourceFile } from '../source/source.js';
import { GrowingBuffer } from '../base/buffers.js';
import { CutHeader, MalformedHeader } from './malformed-header.js';
import { formatTag } from './value-representation.js';

export const FIRST_CHUNK = 16 * 1024;
const GROWTH = 4;
/** No header is longer without what is stepped over; a length that says so is wrong. */
const MAX_HEADER = 64 * 1024 * 1024;
/** Sequences without a length have to be read to step over them; so much of a file is read at most. */
const MAX_READ = 4 * MAX_HEADER;
const KEPT = 4 * FIRST_CHUNK;
const NO_BYTES = Buffer.alloc(0);

/** A file that is open for reading at any position, and how much of it was read. */
export class FileBytes {
  /** Bytes that were read so far, wherever they lie. */
  bytesRead = 0;
  size: number;
  readonly #file: SourceFile;

  constructor(file: SourceFile) {
    this.#file = file;
    this.size = file.size;
  }

  /**
   * Fills target[from, to) with the bytes of the file at `position`.
   * @returns how many bytes there were
   */
  read(target: Buffer, from: number, to: number, position: number): number {
    const done = this.#file.read(target, from, to, position);
    this.bytesRead += done;
    return done;
  }

  close(): void {
    this.#file.close();
  }
}

/** A buffer for the headers of one file after the other. */
export function headerBuffer(): GrowingBuffer {
  return new GrowingBuffer(KEPT, KEPT * GROWTH);
}

/** The header of a file, as far as it was needed: from its beginning, without what was stepped over. */
export class HeaderBytes {
  bytes: Buffer;
  /** How many bytes of the file before the end of these are not among them. */
  #dropped = 0;
  readonly #buffer: GrowingBuffer;

  constructor(
    readonly file: FileBytes,
    buffer: GrowingBuffer,
  ) {
    this.#buffer = buffer;
    this.bytes = NO_BYTES;
    this.#load(FIRST_CHUNK);
  }

  /** True when the file is loaded up to its end. */
  get isWhole(): boolean {
    return this.bytes.length >= this.end;
  }

  /** Offset of the end of the file. */
  get end(): number {
    return this.file.size - this.#dropped;
  }

  /** Eight bytes of the file, which are not loaded for that; zeros past its end. */
  readonly look = (offset: number): Buffer => {
    const bytes = Buffer.alloc(8);
    this.file.read(bytes, 0, bytes.length, offset + this.#dropped);
    return bytes;
  };

  /**
   * Loads more of the file.
   * @param needed bytes that must be there for the next element at least
   * @param tag the element that did not fit, where it is known
   * @throws CutHeader when the file ends before that, MalformedHeader when the header would be too long
   */
  loadMore(needed: number, tag: number | null): void {
    if (this.isWhole || needed > this.end) throw this.#cut(tag);
    if (needed > MAX_HEADER || this.bytes.length >= MAX_HEADER)
      throw new MalformedHeader(`the header is longer than ${MAX_HEADER} bytes`);
    this.#load(Math.max(this.bytes.length * GROWTH, needed + FIRST_CHUNK));
  }

  /**
   * Lets go of what is stepped over, and loads what comes after it.
   * @param to may be past the bytes that are loaded
   * @param tag the element that is stepped over
   * @throws as loadMore
   */
  drop(from: number, to: number, tag: number | null): void {
    if (to > this.end) throw this.#cut(tag);
    this.bytes = this.bytes.subarray(0, from);
    this.#dropped += to - from;
    this.#load(from + FIRST_CHUNK);
  }

  #cut(tag: number | null): CutHeader {
    const what = tag === null ? 'an element' : formatTag(tag);
    return new CutHeader(
      `the file ends within ${what}, at byte ${this.file.size}, before its header is complete`,
    );
  }

  #load(wanted: number): void {
    if (this.file.bytesRead >= MAX_READ)
      throw new MalformedHeader(`the header is not complete after ${MAX_READ} bytes were read`);
    const end = Math.min(wanted, this.end, MAX_HEADER);
    const start = this.bytes.length;
    const buffer = this.#buffer.room(end, start);
    const count = this.file.read(buffer, start, end, start + this.#dropped);
    this.bytes = buffer.subarray(0, start + count);
    // A file that became shorter since it was opened.
    if (start + count < end) this.file.size = start + count + this.#dropped;
  }
}
