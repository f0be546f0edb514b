import type { Cell, Table } from '../../../schemas/column.js';
import { cellReaders, rowKeys, type RowParts } from '../../../schemas/row-cells.js';
import type { RowOf } from '../../../schemas/row.js';
import { columnBuilder, type ColumnBuilder } from './column-builders.js';
import { batchMessage, ipcStream } from './ipc-stream.js';

/**
 * Rows that wait to be taken apart: to turn to a column costs as much as some dozen cells, by what of it is no longer in
 * the processor's cache. More than these would no longer be gone while they are young and cheap to collect.
 */
const ROWS_AT_ONCE = 128;

/**
 * Gathers rows of one table as Arrow columns.
 * Arrow's own builders turn whatever they are given into something (`'abc'` into 0, 2^31 into a negative number) and take
 * a call for each cell. Here some rows at a time are added to each column in one go, and each cell is checked against its
 * column first: a wrong one is a fault of this program and throws.
 */
export class TableBuilder<T extends Table = Table> {
  private readonly columns: readonly ColumnBuilder[];
  private readonly keys: ReadonlySet<string>;
  private readonly waiting: RowParts[] = [];
  private readonly cells: Cell[] = [];
  private length = 0;

  constructor(private readonly table: T) {
    const readers = cellReaders(table);
    this.columns = table.columns.map((column, i) => columnBuilder(table.name, column, readers[i]!));
    this.keys = rowKeys(table);
  }

  /**
   * @throws TypeError naming the column when a cell is not of its column's type, or missing where it must be there; or
   *   when a row has a key that the table does not know
   */
  append(row: RowOf<T>): void {
    this.waiting.push(row);
    if (this.waiting.length === ROWS_AT_ONCE) this.takeApart();
  }

  /**
   * The rows so far as the message of one record batch, in pieces. They lie in memory that the next rows are written to.
   * @throws TypeError as append() does: it takes some rows at a time
   */
  message(): { rows: number; pieces: Uint8Array[] } {
    this.takeApart();
    const batch = { length: this.length, nodes: [], buffers: [] };
    for (const column of this.columns) column.addTo(batch);
    return { rows: this.length, pieces: batchMessage(batch) };
  }

  /** Forgets all rows and keeps their memory for others. */
  clear(): void {
    this.waiting.length = 0;
    this.length = 0;
    for (const column of this.columns) column.clear();
  }

  /**
   * The rows so far as an Arrow IPC stream of one record batch.
   * @throws TypeError as message() does
   */
  finish(): Uint8Array {
    return ipcStream(this.table, this.message().pieces);
  }

  private checkKeys(row: RowParts): void {
    const unknown = Object.keys(row).find((key) => !this.keys.has(key));
    if (unknown !== undefined) throw new TypeError(`table ${this.table.name} has no column ${unknown}`);
  }

  private takeApart(): void {
    const { columns, waiting, cells } = this;
    cells.length = waiting.length;
    // The rows of a table come from one place and have the same keys: to look at one of them costs nothing.
    if (waiting.length > 0) this.checkKeys(waiting[0]!);
    for (let i = 0; i < columns.length; i++) columns[i]!.append(waiting, cells);
    this.length += waiting.length;
    waiting.length = 0;
  }
}
