import type { DuckDb } from '../engine/duckdb.js';
import { sqlText } from '../engine/sql.js';

const ROWS_AT_ONCE = 2000;

/** Puts rows into a table, some at a time. */
export async function insertRows(
  db: DuckDb,
  table: string,
  rows: readonly (readonly (string | number | null)[])[],
): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS_AT_ONCE) {
    const values = rows.slice(i, i + ROWS_AT_ONCE).map((row) => `(${row.map(literal).join(', ')})`);
    await db.query(`INSERT INTO ${table} VALUES ${values.join(', ')}`);
  }
}

function literal(value: string | number | null): string {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : sqlText(value);
}
