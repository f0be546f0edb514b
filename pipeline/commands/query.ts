import { resolve } from 'node:path';
import Table from 'cli-table3';
import { showControls } from '../base/text.js';
import { DuckDb, type QueryResult } from '../engine/duckdb.js';
import { parquetRows, sqlName } from '../engine/sql.js';
import { findSnapshot, listTables, partFiles, readTables } from '../snapshot/published.js';
import { mustReadManifest } from '../snapshot/read-manifest.js';
import { withTemporaryFolder } from '../storage/temporary-folder.js';
import { EXIT } from '../run/exit.js';
import { print } from './print.js';
import type { QueryArguments } from './query-options.js';

/** `omidb-etl query`: every table of a published snapshot is a view of its name. @returns the exit code */
export async function queryCommand({ sql, out, snapshot, format, unsafe }: QueryArguments): Promise<number> {
  const folder = findSnapshot(resolve(out), snapshot);
  const printPage = format === 'json' ? printJsonLines : printTable;
  if (sql === undefined) await printPage(describeTables(folder));
  else
    await withTemporaryFolder(async (spill) => {
      for await (const page of ask(folder, sql, unsafe, spill)) await printPage(page);
    });
  return EXIT.published;
}

/** A page at a time: what is in memory does not grow with the result. */
async function* ask(
  folder: string,
  sql: string,
  unsafe: boolean,
  spill: string,
): AsyncGenerator<QueryResult> {
  const db = await DuckDb.open(spill);
  try {
    for (const name of listTables(folder))
      await db.query(`CREATE VIEW ${sqlName(name)} AS SELECT * FROM ${parquetRows(partFiles(folder, name))}`);
    if (!unsafe) await db.confine(folder);
    yield* db.ask(sql, !unsafe);
  } finally {
    db.close();
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

/** So many characters are printed at once, about. */
const TEXT_AT_ONCE = 1 << 16;

async function printJsonLines({ rows }: QueryResult): Promise<void> {
  let lines = '';
  for (const row of rows) {
    lines += `${JSON.stringify(row)}\n`;
    if (lines.length < TEXT_AT_ONCE) continue;
    await print(lines);
    lines = '';
  }
  await print(lines);
}

/** A result of several pages is a table for each. */
async function printTable({ columns, rows }: QueryResult): Promise<void> {
  const table = new Table({
    head: columns.map((name) => showControls(name)),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push(columns.map((name) => cellText(row[name])));
  await print(`${table.toString()}\n`);
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  // Before the table is laid out: a character that is not shown takes no room.
  return showControls(typeof value === 'string' ? value : JSON.stringify(value));
}
