import type { Cell, Column } from '../../../schemas/column.js';
import { GrowingBuffer, withRoom } from '../../base/buffers.js';
import { TooLargeFault } from '../../base/fault.js';
import { bytesOf, wrongType, type ArrayBuilder } from './array-builder.js';
import type { BatchParts } from './ipc-stream.js';
import { Validity } from './validity.js';

/** Bytes that a UTF-16 unit can take in UTF-8. */
const MOST_BYTES = 3;
/** More units than these are not joined: to copy them costs more than a call to the encoder for each text. */
const UNITS_TO_JOIN = 65_536;
/** Of longer texts it pays to count the bytes before room for them is made. */
const UNITS_TO_COUNT = 32_768;
/** Offsets have 32 bits. */
const MOST_IN_COLUMN = 0x7fffffff;
/** What is kept for other rows: an extraordinary client's is given back. */
const KEPT_BYTES = 32 * 1024 * 1024;

/** An Arrow array of texts (Utf8): their bytes after each other, and where each ends. */
export class TextArray implements ArrayBuilder {
  private readonly validity = new Validity();
  /** Where each text ends, the first before all of them. */
  private offsets = new Int32Array(1);
  private readonly bytes = new GrowingBuffer(0, KEPT_BYTES);

  constructor(private readonly column: Column) {}

  /** To encode texts together costs a fraction of a call, or a loop over its units, for each. */
  append(cells: readonly Cell[]): void {
    const { validity } = this;
    const start = validity.grow(cells.length);
    const offsets = (this.offsets = withRoom(this.offsets, validity.length + 1));
    const begin = offsets[start]!;
    let units = 0;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as Cell;
      if (cell === null) validity.markNull(start + i);
      else if (typeof cell === 'string') units += cell.length;
      else wrongType(this.column, cell);
      // Of ASCII: each unit takes a byte.
      offsets[start + i + 1] = begin + units;
    }
    if (units === 0) return;
    if (units > UNITS_TO_JOIN || this.write(cells.join(''), begin) !== units) this.writeEach(cells, start);
  }

  addTo(batch: BatchParts): void {
    const { length } = this.validity;
    const end = this.offsets[length]!;
    this.validity.addTo(batch);
    batch.buffers.push(bytesOf(this.offsets, length + 1), this.bytes.room(end, end).subarray(0, end));
  }

  clear(): void {
    this.validity.clear();
    this.bytes.shrink();
  }

  /** Texts that are long, or not all ASCII: each by itself, for where it ends is to be seen. */
  private writeEach(cells: readonly Cell[], start: number): void {
    const { offsets } = this;
    let end = offsets[start]!;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as string | null;
      if (cell !== null) end += this.write(cell, end);
      offsets[start + i + 1] = end;
    }
  }

  /** Writes a text at an offset. @returns how many bytes it has */
  private write(text: string, at: number): number {
    const most = text.length > UNITS_TO_COUNT ? Buffer.byteLength(text) : text.length * MOST_BYTES;
    if (at + most > MOST_IN_COLUMN)
      throw new TooLargeFault(
        `The texts of column ${this.column.name} have more bytes than a batch can hold`,
      );
    return this.bytes.room(at + most, at).write(text, at);
  }
}
