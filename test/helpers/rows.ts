import { appendRows, type RowSinks } from '../../pipeline/tables/index.js';
import type { ClientModel } from '../../pipeline/model/client-model.js';
import type { AnyRow, Cell, Table } from '../../schemas/column.js';
import { cellReaders, rowKeys, type RowParts } from '../../schemas/row-cells.js';
import { clientTables } from '../../schemas/tables/index.js';

/** A row as a reader of its table sees it: every column by name. @throws when the row has a key that is no column */
export function namedRow(table: Table, row: RowParts): AnyRow {
  const unknown = Object.keys(row).filter((key) => !rowKeys(table).has(key));
  if (unknown.length > 0) throw new TypeError(`table ${table.name} has no column ${unknown.join(', ')}`);
  const readers = cellReaders(table);
  const cellOf = (i: number): Cell => {
    const cells: Cell[] = [];
    readers[i]!([row], cells);
    return cells[0]!;
  };
  return Object.fromEntries(table.columns.map(({ name }, i) => [name, cellOf(i)]));
}

/** The rows of every table of a client, by name of the table and of the column. */
export function namedRows(client: ClientModel): Record<string, AnyRow[]> {
  const tables = clientTables(client.tags.selection.tags.map(({ column }) => column));
  const rows: Record<string, AnyRow[]> = {};
  const sinks = tables.map((table) => {
    const found: AnyRow[] = (rows[table.name] = []);
    return [table.name, { append: (row: RowParts) => found.push(namedRow(table, row)) }] as const;
  });
  appendRows(client, Object.fromEntries(sinks) as unknown as RowSinks);
  return rows;
}
