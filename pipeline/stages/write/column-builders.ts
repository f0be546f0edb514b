import type { Cell, Column } from '../../../schemas/column.js';
import { arrayBuilder } from './array-builders.js';
import type { BatchParts } from './ipc-stream.js';

/** A column of a table that grows by some rows at a time; its memory is used again after clear(). */
export interface ColumnBuilder {
  /**
   * @throws TypeError when a cell is not of the column's type, or missing where it must be there
   */
  append(cells: readonly Cell[]): void;
  /** Adds the column's arrays and buffers to a batch; they are valid until the next call of append or clear. */
  addTo(batch: BatchParts): void;
  clear(): void;
}

export function columnBuilder(table: string, column: Column): ColumnBuilder {
  const values = arrayBuilder(column, column.type);
  const { name, nullable } = column;
  return {
    append: (cells) => {
      if (!nullable && cells.includes(null))
        throw new TypeError(`${table}.${name} has no value, and must have one`);
      values.append(cells);
    },
    addTo: (batch) => {
      values.addTo(batch);
    },
    clear: () => {
      values.clear();
    },
  };
}
