import type { Cell, Column } from '../../../schemas/column.js';
import { withRoom } from '../../base/buffers.js';
import { TooLargeFault } from '../../base/fault.js';
import { bytesOf, wrongType, type ArrayBuilder } from './array-builder.js';
import type { BatchParts } from './ipc-stream.js';
import { Validity } from './validity.js';

const utf8 = new TextEncoder();
/** Bytes that a UTF-16 unit can take in UTF-8. */
const MOST_BYTES = 3;
/** Of longer texts it pays to count the bytes before room for them is made. */
const UNITS_TO_COUNT = 32_768;
/** The encoder takes a call, which costs as much as to copy so many units one by one. */
const SHORT_TEXT = 80;
const LAST_ASCII = 0x7f;
/** Offsets have 32 bits. */
const MOST_IN_COLUMN = 0x7fffffff;
/** What is kept for other rows: an extraordinary client's is given back. */
const KEPT_BYTES = 32 * 1024 * 1024;

/** An Arrow array of texts (Utf8): their bytes after each other, and where each ends. */
export class TextArray implements ArrayBuilder {
  private readonly validity = new Validity();
  /** Where each text ends, the first before all of them. */
  private offsets = new Int32Array(1);
  private bytes = new Uint8Array(0);

  constructor(private readonly column: Column) {}

  append(cells: readonly Cell[]): void {
    const { validity } = this;
    const start = validity.grow(cells.length);
    const offsets = (this.offsets = withRoom(this.offsets, validity.length + 1));
    let end = offsets[start]!;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as Cell;
      if (typeof cell === 'string') {
        end = this.write(cell, end);
        validity.mark(start + i);
      } else if (cell !== null) wrongType(this.column, cell);
      offsets[start + i + 1] = end;
    }
  }

  addTo(batch: BatchParts): void {
    const { length } = this.validity;
    this.validity.addTo(batch);
    batch.buffers.push(bytesOf(this.offsets, length + 1), this.bytes.subarray(0, this.offsets[length]));
  }

  clear(): void {
    this.validity.clear();
    if (this.bytes.length > KEPT_BYTES) this.bytes = new Uint8Array(0);
  }

  /** Writes a text at an offset. @returns the offset after it */
  private write(text: string, at: number): number {
    if (at + text.length * MOST_BYTES > this.bytes.length) this.makeRoom(text, at);
    const { bytes } = this;
    if (text.length > SHORT_TEXT) return this.encode(text, at);
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > LAST_ASCII) return this.encode(text, at);
      bytes[at + i] = unit;
    }
    return at + text.length;
  }

  private encode(text: string, at: number): number {
    return at + utf8.encodeInto(text, this.bytes.subarray(at)).written;
  }

  private makeRoom(text: string, at: number): void {
    const most = text.length > UNITS_TO_COUNT ? Buffer.byteLength(text) : text.length * MOST_BYTES;
    if (at + most > MOST_IN_COLUMN)
      throw new TooLargeFault(
        `The texts of column ${this.column.name} have more bytes than a batch can hold`,
      );
    this.bytes = withRoom(this.bytes, at + most);
  }
}
