import { appendRows, type RowSinks } from '../../pipeline/tables/index.js';
import type { ClientModel } from '../../pipeline/model/client-model.js';
import type { AnyRow, Cell, Table } from '../../schemas/column.js';
import { rowKeys, RowReader, type RowParts } from '../../schemas/row-cells.js';
import { clientTables } from '../../schemas/tables/index.js';

/** What reads the rows of a table, made once for all of them. */
const READERS = new WeakMap<Table, { readonly keys: ReadonlySet<string>; readonly reader: RowReader }>();

function readersOf(table: Table) {
  const known = READERS.get(table);
  if (known !== undefined) return known;
  const readers = { keys: rowKeys(table), reader: new RowReader(table) };
  READERS.set(table, readers);
  return readers;
}

/** A row as a reader of its table sees it: every column by name. @throws when the row has a key that is no column */
export function namedRow(table: Table, row: RowParts): AnyRow {
  const { keys, reader } = readersOf(table);
  const unknown = Object.keys(row).filter((key) => !keys.has(key));
  if (unknown.length > 0) throw new TypeError(`table ${table.name} has no column ${unknown.join(', ')}`);
  reader.take([row]);
  const cells: Cell[] = [];
  const named: Record<string, Cell> = {};
  for (const [i, { name }] of table.columns.entries()) {
    reader.read(i, cells);
    named[name] = cells[0]!;
  }
  return named;
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
