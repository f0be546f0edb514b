import { join } from 'node:path';
import { sqlName, sqlText, type DuckDb } from '../duckdb.js';
import type { Table } from '../../schemas/column.js';
import type { PartReceipt } from './write/part-file.js';

/** The part files that a run wrote of a table. */
export interface WrittenTable {
  readonly table: Table;
  readonly parts: readonly PartReceipt[];
  /** The same rows as Arrow files, checked when each was written; null where none were wanted. */
  readonly arrowParts: readonly PartReceipt[] | null;
}

/** A fault in what was written: nothing is published. Its message names table, file and key. */
export class VerificationError extends Error {}

/**
 * Verify: an independent reader (DuckDB) opens every part file of a snapshot and checks that each has the rows that were
 * written, that keys are unique and never null over all parts of a table, and that every child row has its parent.
 * @throws VerificationError at the first thing that does not hold.
 */
export async function verify(db: DuckDb, snapshot: string, tables: readonly WrittenTable[]): Promise<void> {
  for (const { table, parts } of tables) {
    await createView(db, snapshot, table, parts);
    await checkRowCounts(db, snapshot, table, parts);
  }
  for (const { table } of tables) {
    await checkKeys(db, table);
    for (const parent of table.parents) await checkParents(db, table, parent.table, parent.columns);
  }
}

async function createView(
  db: DuckDb,
  snapshot: string,
  table: Table,
  parts: readonly PartReceipt[],
): Promise<void> {
  const files = parts.map(({ path }) => sqlText(join(snapshot, path))).join(', ');
  try {
    await db.query(`CREATE VIEW ${sqlName(table.name)} AS SELECT * FROM read_parquet([${files}])`);
  } catch (error) {
    throw new VerificationError(
      `table ${table.name}: its part files cannot be opened: ${(error as Error).message}`,
    );
  }
}

async function checkRowCounts(
  db: DuckDb,
  snapshot: string,
  table: Table,
  parts: readonly PartReceipt[],
): Promise<void> {
  const files = parts.map(({ path }) => sqlText(join(snapshot, path))).join(', ');
  const rows = await db.rows(`SELECT file_name, num_rows FROM parquet_file_metadata([${files}])`);
  const counted = new Map(rows.map((row) => [row['file_name'], Number(row['num_rows'])]));
  for (const part of parts) {
    const found = counted.get(join(snapshot, part.path));
    if (found !== part.rows) {
      throw new VerificationError(
        `table ${table.name}: ${part.path} has ${found ?? 'no'} rows, ${part.rows} were written`,
      );
    }
  }
}

async function checkKeys(db: DuckDb, table: Table): Promise<void> {
  if (table.key.length === 0) return;
  const key = table.key.map(sqlName).join(', ');
  const isNull = table.key.map((name) => `${sqlName(name)} IS NULL`).join(' OR ');
  const [nulls] = await db.rows(`SELECT ${key} FROM ${sqlName(table.name)} WHERE ${isNull} LIMIT 1`);
  if (nulls !== undefined)
    throw new VerificationError(`table ${table.name}: a key is null: ${JSON.stringify(nulls)}`);
  const [twice] = await db.rows(
    `SELECT ${key} FROM ${sqlName(table.name)} GROUP BY ${key} HAVING count(*) > 1 LIMIT 1`,
  );
  if (twice !== undefined)
    throw new VerificationError(`table ${table.name}: a key stands twice: ${JSON.stringify(twice)}`);
}

async function checkParents(
  db: DuckDb,
  table: Table,
  parent: string,
  columns: readonly string[],
): Promise<void> {
  const names = columns.map(sqlName).join(', ');
  const same = columns.map((name) => `p.${sqlName(name)} = c.${sqlName(name)}`).join(' AND ');
  const [orphan] = await db.rows(
    `SELECT ${names} FROM ${sqlName(table.name)} c WHERE NOT EXISTS (SELECT 1 FROM ${sqlName(parent)} p WHERE ${same}) LIMIT 1`,
  );
  if (orphan !== undefined) {
    throw new VerificationError(
      `table ${table.name}: a row has no parent in ${parent}: ${JSON.stringify(orphan)}`,
    );
  }
}
