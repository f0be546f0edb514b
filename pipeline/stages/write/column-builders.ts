import type { Cell, Column } from '../../../schemas/column.js';
import type { CellReader, RowParts } from '../../../schemas/row-cells.js';
import { arrayBuilder } from './array-builders.js';
import type { BatchParts } from './ipc-stream.js';

/** A column of a table that grows by some rows at a time; its memory is used again after clear(). */
export interface ColumnBuilder {
  /**
   * @param cells as many as rows, whatever they hold: memory that all columns use in turn
   * @throws TypeError when a cell is not of the column's type, or missing where it must be there
   */
  append(rows: readonly RowParts[], cells: Cell[]): void;
  /** Adds the column's arrays and buffers to a batch; they are valid until the next call of append or clear. */
  addTo(batch: BatchParts): void;
  clear(): void;
}

/** @param read takes the column's cells out of rows */
export function columnBuilder(table: string, column: Column, read: CellReader): ColumnBuilder {
  const values = arrayBuilder(column, column.type);
  const { name, nullable } = column;
  return {
    append: (rows, cells) => {
      read(rows, cells);
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
