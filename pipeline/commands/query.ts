import { resolve } from 'node:path';
import { DuckDb, type QueryPage } from '../engine/duckdb.js';
import { parquetRows, sqlName } from '../engine/sql.js';
import { findSnapshot, listTables, partFiles, readTables } from '../snapshot/published.js';
import { mustReadManifest } from '../snapshot/read-manifest.js';
import { withTemporaryFolder } from '../storage/temporary-folder.js';
import { EXIT } from '../run/exit.js';
import { count, plainTable } from './plain-table.js';
import { print } from './print.js';
import type { QueryArguments } from './query-options.js';
import { pagePrinter } from './query-output.js';

/** `omidb-etl query`: every table of a published snapshot is a view of its name. @returns the exit code */
export async function queryCommand({ sql, out, snapshot, format, unsafe }: QueryArguments): Promise<number> {
  const folder = findSnapshot(resolve(out), snapshot);
  const printPage = pagePrinter(format);
  if (sql !== undefined)
    await withTemporaryFolder(async (spill) => {
      for await (const page of largePages(ask(folder, sql, unsafe, spill))) await printPage(page);
    });
  else if (format === 'table') await print(`${tableOfTables(folder)}\n`);
  else await printPage(describeTables(folder));
  return EXIT.published;
}

/** A page at a time: what is in memory does not grow with the result. */
async function* ask(folder: string, sql: string, unsafe: boolean, spill: string): AsyncGenerator<QueryPage> {
  const db = await DuckDb.open(spill);
  try {
    for (const name of listTables(folder))
      await db.query(`CREATE VIEW ${sqlName(name)} AS SELECT * FROM ${parquetRows(partFiles(folder, name))}`);
    if (!unsafe) await db.confine(folder);
    yield* db.ask(sql, !unsafe);
  } finally {
    await db.close();
  }
}

const ROWS_OF_PAGE = 2048;

/** DuckDB gives small pages too, each of which would be a table of its own. */
async function* largePages(pages: AsyncIterable<QueryPage>): AsyncGenerator<QueryPage> {
  let waiting: QueryPage | null = null;
  for await (const page of pages) {
    waiting = waiting === null ? page : { ...page, rows: [...waiting.rows, ...page.rows] };
    if (waiting.rows.length < ROWS_OF_PAGE) continue;
    yield waiting;
    waiting = null;
  }
  if (waiting !== null) yield waiting;
}

function describeTables(folder: string): QueryPage {
  const manifest = mustReadManifest(folder);
  return {
    columns: ['table', 'rows', 'description'],
    types: ['VARCHAR', 'BIGINT', 'VARCHAR'],
    rows: readTables(folder).map(({ name, description }) => ({
      table: name,
      rows: manifest.tables[name]?.rows ?? 0,
      description,
    })),
  };
}

/** For eyes: as `describeTables`, descriptions broken into lines. */
function tableOfTables(folder: string): string {
  const { columns, rows } = describeTables(folder);
  const cells = rows.map(({ table, rows: number, description }) => [
    String(table),
    count(number as number),
    String(description),
  ]);
  return plainTable(columns, cells, ['rows'], { wrap: 'description' });
}
