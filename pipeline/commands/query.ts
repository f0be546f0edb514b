import { resolve } from 'node:path';
import Table from 'cli-table3';
import { QueryFault } from '../base/fault.js';
import { DuckDb, type QueryResult } from '../engine/duckdb.js';
import { parquetRows, sqlName } from '../engine/sql.js';
import { findSnapshot, listTables, partFiles, readTables } from '../snapshot/published.js';
import { mustReadManifest } from '../snapshot/read-manifest.js';
import { EXIT } from './exit.js';
import type { QueryArguments } from './query-options.js';

/** `omidb-etl query`: every table of a published snapshot is a view of its name. @returns the exit code */
export async function queryCommand({ sql, out, snapshot, format }: QueryArguments): Promise<number> {
  const folder = findSnapshot(resolve(out), snapshot);
  const db = await DuckDb.open();
  try {
    for (const name of listTables(folder))
      await db.query(`CREATE VIEW ${sqlName(name)} AS SELECT * FROM ${parquetRows(partFiles(folder, name))}`);
    const result = sql === undefined ? describeTables(folder) : await ask(db, sql);
    process.stdout.write(format === 'json' ? asJsonLines(result) : asTable(result));
    return EXIT.published;
  } finally {
    db.close();
  }
}

async function ask(db: DuckDb, sql: string): Promise<QueryResult> {
  try {
    return await db.query(sql);
  } catch (error) {
    throw new QueryFault((error as Error).message);
  }
}

function describeTables(folder: string): QueryResult {
  const manifest = mustReadManifest(folder);
  return {
    columns: ['table', 'rows', 'description'],
    rows: readTables(folder).map(({ name, description }) => ({
      table: name,
      rows: manifest.tables[name]?.rows ?? 0,
      description,
    })),
  };
}

function asJsonLines({ rows }: QueryResult): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

function asTable({ columns, rows }: QueryResult): string {
  const table = new Table({ head: [...columns], style: { head: [], border: [], compact: true } });
  table.push(...rows.map((row) => columns.map((name) => cellText(row[name]))));
  return `${table.toString()}\n`;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
