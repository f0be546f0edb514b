import type { SourceFile } from '../source/source.js';
import { GrowingBuffer } from '../base/buffers.js';
import { MalformedHeader } from './malformed-header.js';
import { formatTag } from './value-representation.js';

const FIRST_CHUNK = 16 * 1024;
const GROWTH = 4;
/** No header is longer; a length that says so is wrong. */
const MAX_HEADER = 64 * 1024 * 1024;
const KEPT = 4 * FIRST_CHUNK;

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

/** The beginning of a file, as far as it was needed. */
export class HeaderBytes {
  bytes: Buffer;
  readonly #buffer: GrowingBuffer;

  constructor(
    readonly file: FileBytes,
    buffer: GrowingBuffer,
  ) {
    this.#buffer = buffer;
    this.bytes = buffer.room(0).subarray(0, 0);
    this.#load(Math.min(FIRST_CHUNK, file.size));
  }

  /** True when the whole file is loaded. */
  get isWhole(): boolean {
    return this.bytes.length >= this.file.size;
  }

  /**
   * Loads more of the file.
   * @param needed bytes from its start that the next element takes at least
   * @param tag the element that did not fit, where it is known
   * @throws MalformedHeader when the file ends before that, or the header would be too long
   */
  loadMore(needed: number, tag: number | null): void {
    const { size } = this.file;
    if (this.isWhole || needed > size) {
      const what = tag === null ? 'an element' : formatTag(tag);
      throw new MalformedHeader(`the file ends within ${what}, before its header is complete`);
    }
    const wanted = Math.max(this.bytes.length * GROWTH, needed + FIRST_CHUNK);
    if (needed > MAX_HEADER || this.bytes.length >= MAX_HEADER)
      throw new MalformedHeader(`the header is longer than ${MAX_HEADER} bytes`);
    this.#load(Math.min(wanted, size, MAX_HEADER));
  }

  #load(end: number): void {
    const start = this.bytes.length;
    const buffer = this.#buffer.room(end, start);
    const count = this.file.read(buffer, start, end, start);
    this.bytes = buffer.subarray(0, start + count);
    // A file that became shorter since it was opened.
    if (start + count < end) this.file.size = start + count;
  }
}
