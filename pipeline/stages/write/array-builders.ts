import type { Cell, Column } from '../../../schemas/column.js';
import { withRoom } from '../../base/buffers.js';
import { TooLargeFault } from '../../base/fault.js';
import type { BatchParts } from './ipc-stream.js';
import { Bits, Validity } from './validity.js';

/** An Arrow array of a column's cells, or of what its lists hold. */
export interface ArrayBuilder {
  append(cells: readonly Cell[]): void;
  addTo(batch: BatchParts): void;
  clear(): void;
}

export function arrayBuilder(column: Column, type: string): ArrayBuilder {
  switch (type) {
    case 'string':
    case 'json':
      return new Texts(column);
    case 'bool':
      return new Booleans(column);
    case 'long':
      return new Longs(column);
    case 'double':
      return new Numbers(column, new Float64Array(0), Number.isFinite);
    // Whole numbers of 32 bits, and dates as days.
    case 'int':
    case 'date':
      return new Numbers(column, new Int32Array(0), isInt);
    default:
      return new Lists(column, arrayBuilder(column, type.slice('list<'.length, -1)));
  }
}

/** `| 0` leaves exactly the integers of 32 bits as they are. */
const isInt = (cell: unknown): boolean => ((cell as number) | 0) === cell;

function wrongType(column: Column, cell: unknown): never {
  throw new TypeError(`column ${column.name} holds ${column.type}, but was given a ${typeof cell}`);
}

/** Bytes of the first values of an array. */
function bytesOf(array: Int32Array | Float64Array | BigInt64Array, length: number): Uint8Array {
  return new Uint8Array(array.buffer, 0, length * array.BYTES_PER_ELEMENT);
}

class Numbers implements ArrayBuilder {
  private readonly validity = new Validity();

  constructor(
    private readonly column: Column,
    private values: Int32Array | Float64Array,
    private readonly isOfType: (cell: unknown) => boolean,
  ) {}

  append(cells: readonly Cell[]): void {
    const start = this.validity.length;
    const values = (this.values = withRoom(this.values, start + cells.length));
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] ?? null;
      if (cell === null) values[start + i] = 0;
      else if (this.isOfType(cell)) values[start + i] = cell as number;
      else wrongType(this.column, cell);
    }
    this.validity.append(cells);
  }

  addTo(batch: BatchParts): void {
    this.validity.addTo(batch);
    batch.buffers.push(bytesOf(this.values, this.validity.length));
  }

  clear(): void {
    this.validity.clear();
  }
}

class Longs implements ArrayBuilder {
  private readonly validity = new Validity();
  private values = new BigInt64Array(0);

  constructor(private readonly column: Column) {}

  append(cells: readonly Cell[]): void {
    const start = this.validity.length;
    const values = (this.values = withRoom(this.values, start + cells.length));
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] ?? null;
      if (cell !== null && !Number.isSafeInteger(cell)) wrongType(this.column, cell);
      values[start + i] = BigInt((cell ?? 0) as number);
    }
    this.validity.append(cells);
  }

  addTo(batch: BatchParts): void {
    this.validity.addTo(batch);
    batch.buffers.push(bytesOf(this.values, this.validity.length));
  }

  clear(): void {
    this.validity.clear();
  }
}

class Booleans implements ArrayBuilder {
  private readonly validity = new Validity();
  private readonly values = new Bits();

  constructor(private readonly column: Column) {}

  append(cells: readonly Cell[]): void {
    const start = this.validity.length;
    this.values.reserve(start + cells.length);
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] ?? null;
      if (cell !== null && typeof cell !== 'boolean') wrongType(this.column, cell);
      if (cell === true) this.values.set(start + i);
    }
    this.validity.append(cells);
  }

  addTo(batch: BatchParts): void {
    this.validity.addTo(batch);
    batch.buffers.push(this.values.take(this.validity.length));
  }

  clear(): void {
    this.validity.clear();
    this.values.clear();
  }
}

const utf8 = new TextEncoder();
/** Bytes that a UTF-16 unit can take in UTF-8. */
const MOST_BYTES = 3;
/** Longer texts are not joined: V8 keeps them apart, where they live longer and cost more to collect. */
const UNITS_AT_ONCE = 32_768;
/** Offsets have 32 bits. */
const MOST_IN_COLUMN = 0x7fffffff;
/** What is kept for other rows: an extraordinary client's is given back. */
const KEPT_BYTES = 32 * 1024 * 1024;

class Texts implements ArrayBuilder {
  private readonly validity = new Validity();
  /** Where each text ends, the first before all of them. */
  private offsets = new Int32Array(1);
  private bytes = new Uint8Array(0);

  constructor(private readonly column: Column) {}

  /** Many texts are encoded at once, because a call for each is what takes the time. */
  append(cells: readonly Cell[]): void {
    const start = this.validity.length;
    this.offsets = withRoom(this.offsets, start + cells.length + 1);
    let joined = '';
    let first = 0;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] ?? null;
      if (typeof cell === 'string') joined += cell;
      else if (cell !== null) wrongType(this.column, cell);
      if (joined.length > UNITS_AT_ONCE) {
        this.encode(joined, cells, first, i + 1);
        joined = '';
        first = i + 1;
      }
    }
    this.encode(joined, cells, first, cells.length);
    this.validity.append(cells);
  }

  /** Adds the bytes of some cells' texts, and where each ends. */
  private encode(joined: string, cells: readonly Cell[], first: number, last: number): void {
    const start = this.validity.length;
    const begin = this.offsets[start + first]!;
    const most = joined.length > UNITS_AT_ONCE ? Buffer.byteLength(joined) : joined.length * MOST_BYTES;
    if (begin + most > MOST_IN_COLUMN)
      throw new TooLargeFault(
        `The texts of column ${this.column.name} have more bytes than a batch can hold`,
      );
    this.bytes = withRoom(this.bytes, begin + most);
    const { written } = utf8.encodeInto(joined, this.bytes.subarray(begin));
    // As many bytes as units: all of them are ASCII. Else each is encoded by itself: two halves of a character, at the
    // end of one text and the start of the next, must not become one.
    const isAscii = written === joined.length;
    let end = begin;
    for (let i = first; i < last; i++) {
      const cell = cells[i];
      if (typeof cell === 'string')
        end += isAscii ? cell.length : utf8.encodeInto(cell, this.bytes.subarray(end)).written;
      this.offsets[start + i + 1] = end;
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
}

class Lists implements ArrayBuilder {
  private readonly validity = new Validity();
  private offsets = new Int32Array(1);

  constructor(
    private readonly column: Column,
    private readonly items: ArrayBuilder,
  ) {}

  append(cells: readonly Cell[]): void {
    const start = this.validity.length;
    const offsets = (this.offsets = withRoom(this.offsets, start + cells.length + 1));
    const begin = offsets[start]!;
    const items: Cell[] = [];
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] ?? null;
      if (Array.isArray(cell)) for (const item of cell as Cell[]) items.push(item);
      else if (cell !== null) wrongType(this.column, cell);
      offsets[start + i + 1] = begin + items.length;
    }
    this.items.append(items);
    this.validity.append(cells);
  }

  addTo(batch: BatchParts): void {
    this.validity.addTo(batch);
    batch.buffers.push(bytesOf(this.offsets, this.validity.length + 1));
    this.items.addTo(batch);
  }

  clear(): void {
    this.validity.clear();
    this.items.clear();
  }
}
