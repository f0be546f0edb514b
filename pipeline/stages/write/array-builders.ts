import type { Cell, Column } from '../../../schemas/column.js';
import { withRoom } from '../../base/buffers.js';
import { bytesOf, wrongType, type ArrayBuilder } from './array-builder.js';
import type { BatchParts } from './ipc-stream.js';
import { TextArray } from './text-array.js';
import { Bits, Validity } from './validity.js';

export function arrayBuilder(column: Column, type: string): ArrayBuilder {
  switch (type) {
    case 'string':
    case 'json':
      return new TextArray(column);
    case 'bool':
      return new Booleans(column);
    case 'long':
      return new Longs(column, new BigInt64Array(0));
    case 'double':
      return new Doubles(column, new Float64Array(0));
    // Whole numbers of 32 bits, and dates as days.
    case 'int':
    case 'date':
      return new Integers(column, new Int32Array(0));
    default:
      return new Lists(column, arrayBuilder(column, type.slice('list<'.length, -1)));
  }
}

/** An array whose values all take the same room. */
abstract class Numbers<T extends Int32Array | Float64Array | BigInt64Array> implements ArrayBuilder {
  protected readonly validity = new Validity();

  constructor(
    protected readonly column: Column,
    protected values: T,
  ) {}

  // A loop for each type: one that calls for what differs takes twice as long.
  abstract append(cells: readonly Cell[]): void;

  addTo(batch: BatchParts): void {
    this.validity.addTo(batch);
    batch.buffers.push(bytesOf(this.values, this.validity.length));
  }

  clear(): void {
    this.validity.clear();
  }
}

class Integers extends Numbers<Int32Array> {
  append(cells: readonly Cell[]): void {
    const { validity } = this;
    const start = validity.grow(cells.length);
    const values = (this.values = withRoom(this.values, validity.length));
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as Cell;
      if (cell === null) {
        values[start + i] = 0;
        validity.markNull(start + i);
        continue;
      }
      // `| 0` leaves exactly the integers of 32 bits as they are.
      if (typeof cell !== 'number' || (cell | 0) !== cell) wrongType(this.column, cell);
      values[start + i] = cell;
    }
  }
}

class Doubles extends Numbers<Float64Array> {
  append(cells: readonly Cell[]): void {
    const { validity } = this;
    const start = validity.grow(cells.length);
    const values = (this.values = withRoom(this.values, validity.length));
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as Cell;
      if (cell === null) {
        values[start + i] = 0;
        validity.markNull(start + i);
        continue;
      }
      if (typeof cell !== 'number' || !Number.isFinite(cell)) wrongType(this.column, cell);
      values[start + i] = cell;
    }
  }
}

class Longs extends Numbers<BigInt64Array> {
  append(cells: readonly Cell[]): void {
    const { validity } = this;
    const start = validity.grow(cells.length);
    const values = (this.values = withRoom(this.values, validity.length));
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as Cell;
      if (cell === null) {
        values[start + i] = 0n;
        validity.markNull(start + i);
        continue;
      }
      if (!Number.isSafeInteger(cell)) wrongType(this.column, cell);
      values[start + i] = BigInt(cell as number);
    }
  }
}

class Booleans implements ArrayBuilder {
  private readonly validity = new Validity();
  private readonly values = new Bits();

  constructor(private readonly column: Column) {}

  append(cells: readonly Cell[]): void {
    const { validity, values } = this;
    const start = validity.grow(cells.length);
    values.reserve(validity.length);
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as Cell;
      if (cell === null) validity.markNull(start + i);
      else if (cell === true) values.set(start + i);
      else if (cell !== false) wrongType(this.column, cell);
    }
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

class Lists implements ArrayBuilder {
  private readonly validity = new Validity();
  private offsets = new Int32Array(1);

  constructor(
    private readonly column: Column,
    private readonly items: ArrayBuilder,
  ) {}

  append(cells: readonly Cell[]): void {
    const { validity } = this;
    const start = validity.grow(cells.length);
    const offsets = (this.offsets = withRoom(this.offsets, validity.length + 1));
    const begin = offsets[start]!;
    let length = 0;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as Cell;
      if (cell === null) validity.markNull(start + i);
      else if (Array.isArray(cell)) length += cell.length;
      else wrongType(this.column, cell);
      offsets[start + i + 1] = begin + length;
    }
    if (length > 0) this.items.append(itemsOf(cells as readonly (readonly Cell[] | null)[], length));
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

/** What lists hold, one after the other. @param length how many items they hold together */
function itemsOf(lists: readonly (readonly Cell[] | null)[], length: number): Cell[] {
  const items = new Array<Cell>(length).fill(null);
  let end = 0;
  for (let i = 0; i < lists.length; i++) {
    const list = lists[i] as readonly Cell[] | null;
    if (list !== null) for (let j = 0; j < list.length; j++) items[end++] = list[j] ?? null;
  }
  return items;
}
