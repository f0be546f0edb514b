import type { Cell, Table } from '../../../schemas/column.js';
import { rowKeys, RowReader, type RowParts } from '../../../schemas/row-cells.js';
import type { RowOf } from '../../../schemas/row.js';
import { columnBuilder, type ColumnBuilder } from './column-builders.js';
import { batchMessage, ipcStream } from './ipc-stream.js';

/**
 * Rows that wait to be taken apart: to turn to a column costs as much as some dozen cells, by what of it is no longer in
 * the processor's cache. More than these would no longer be gone while they are young and cheap to collect.
 */
const ROWS_AT_ONCE = 64;

/**
 * Gathers rows of one table as Arrow columns.
 * Arrow's own builders turn whatever they are given into something (`'abc'` into 0, 2^31 into a negative number) and take
 * a call for each cell. Here some rows at a time are added to each column in one go, and each cell is checked against its
 * column first: a wrong one is a fault of this program and throws.
 */
export class TableBuilder<T extends Table = Table> {
  private readonly columns: readonly ColumnBuilder[];
  private readonly reader: RowReader;
  private readonly keys: ReadonlySet<string>;
  private readonly waiting: RowParts[] = [];
  private length = 0;

  constructor(private readonly table: T) {
    this.columns = table.columns.map((column) => columnBuilder(table.name, column));
    this.reader = new RowReader(table);
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
    const { columns, reader, waiting } = this;
    if (waiting.length === 0) return;
    // The rows of a table come from one place and have the same keys: to look at one of them costs nothing.
    this.checkKeys(waiting[0]!);
    reader.take(waiting);
    // New, as what is written to it is: V8 has to remember what is new in something old.
    const cells = new Array<Cell>(waiting.length).fill(null);
    for (let i = 0; i < columns.length; i++) {
      reader.read(i, cells);
      columns[i]!.append(cells);
    }
    this.length += waiting.length;
    waiting.length = 0;
  }
}
