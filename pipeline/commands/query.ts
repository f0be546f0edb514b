import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Table from 'cli-table3';
import { DuckDb, sqlName, sqlText, type QueryResult } from '../duckdb.js';
import { findSnapshot } from '../run/published.js';
import { CliError, clearly, EXIT } from './exit.js';
import type { QueryArguments } from './query-options.js';

/** `omidb-etl query`: every table of a published snapshot is a view of its name. @returns the exit code */
export async function queryCommand({ sql, out, snapshot, format }: QueryArguments): Promise<number> {
  const folder = clearly(() => findSnapshot(resolve(out), snapshot));
  const db = await DuckDb.open();
  try {
    const tables = readdirSync(join(folder, 'tables')).sort();
    for (const name of tables) {
      const files = partFiles(join(folder, 'tables', name))
        .map(sqlText)
        .join(', ');
      await db.query(`CREATE VIEW ${sqlName(name)} AS SELECT * FROM read_parquet([${files}])`);
    }
    const result = sql === undefined ? listTables(folder) : await ask(db, sql);
    process.stdout.write(format === 'json' ? asJsonLines(result) : asTable(result));
    return EXIT.published;
  } finally {
    db.close();
  }
}

/** Each part by its name: a pattern would trip over a folder whose own name has brackets or stars. */
function partFiles(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.parquet'));
  return names.sort().map((name) => join(folder, name));
}

async function ask(db: DuckDb, sql: string): Promise<QueryResult> {
  try {
    return await db.query(sql);
  } catch (error) {
    throw new CliError((error as Error).message, EXIT.failed);
  }
}

interface Described {
  readonly tables: readonly { name: string; description: string }[];
}

interface Counted {
  readonly tables: Readonly<Record<string, { rows: number } | undefined>>;
}

function listTables(folder: string): QueryResult {
  const { tables } = JSON.parse(readFileSync(join(folder, 'schema.json'), 'utf8')) as Described;
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Counted;
  return {
    columns: ['table', 'rows', 'description'],
    rows: tables.map(({ name, description }) => ({
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
