import type { Cell, Column } from '../../../schemas/column.js';
import type { BatchParts } from './ipc-stream.js';

/** An Arrow array of a column's cells, or of what its lists hold. */
export interface ArrayBuilder {
  /**
   * Adds cells, in one pass over them: there are some two hundred to an image.
   * @throws TypeError when one is not of the column's type
   */
  append(cells: readonly Cell[]): void;
  addTo(batch: BatchParts): void;
  clear(): void;
}

export function wrongType(column: Column, cell: unknown): never {
  throw new TypeError(`column ${column.name} holds ${column.type}, but was given a ${typeof cell}`);
}

/** Bytes of the first values of an array. */
export function bytesOf(array: Int32Array | Float64Array | BigInt64Array, length: number): Uint8Array {
  return new Uint8Array(array.buffer, 0, length * array.BYTES_PER_ELEMENT);
}
