import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { EnvironmentFault, UsageFault } from '../base/fault.js';
import type { DuckDb } from '../engine/duckdb.js';
import { withScratchDb } from '../engine/scratch-db.js';
import { sqlText } from '../engine/sql.js';
import { kindOf, removeIfThere, rename } from '../storage/names.js';
import { syncFolder, syncPath } from '../storage/sync.js';
import { catalogueStatements } from './catalogue-sql.js';
import { listTables, partFiles, readTables } from './published.js';

/** Catalogues: DuckDB files that hold views over a snapshot, and none of its rows. */

export interface CatalogueFacts {
  /** Of the snapshot, links resolved. */
  readonly folder: string;
  readonly runId: string;
  /** Who made it: name and version of the program. */
  readonly madeBy: string;
  /** How a path of the snapshot is to stand in the catalogue. */
  readonly written: (path: string) => string;
}

/** By its comment a view says of a file that it is a catalogue. */
const MARK = 'catalogue';
const MARK_COMMENT = 'The snapshot that the views of this file read. Made by omidb-etl catalogue.';

/**
 * Writes a catalogue under a temporary name and renames it: who has an earlier one open goes on reading that.
 * @returns how many tables it has
 * @throws UsageFault when the name is taken by something else; EnvironmentFault when it cannot be written
 */
export function writeCatalogue(file: string, facts: CatalogueFacts): Promise<number> {
  return withScratchDb(async (db) => {
    await assertReplaceable(db, file);
    const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(4).toString('hex')}.tmp`);
    try {
      const tables = await fill(db, temporary, facts);
      syncPath(temporary);
      rename(temporary, file);
      syncFolder(dirname(file));
      return tables;
    } catch (error) {
      for (const path of [temporary, `${temporary}.wal`]) removeIfThere(path);
      throw error;
    }
  });
}

/** The statements run one after the other, on one connection: USE holds for those that follow. */
async function fill(db: DuckDb, file: string, facts: CatalogueFacts): Promise<number> {
  const there = new Set(listTables(facts.folder));
  const tables = readTables(facts.folder)
    .filter(({ name }) => there.has(name))
    .map((table) => ({ table, files: partFiles(facts.folder, table.name).map(facts.written) }));
  try {
    await db.query(`ATTACH ${sqlText(file)} AS made (TYPE duckdb)`);
  } catch (error) {
    throw new EnvironmentFault(`${file} cannot be made (${firstLine(error)}): check the folder`);
  }
  await db.query('USE made');
  try {
    for (const statement of catalogueStatements(tables)) await db.query(statement);
    for (const statement of markStatements(facts)) await db.query(statement);
    await db.query('CHECKPOINT made');
  } catch (error) {
    if (error instanceof EnvironmentFault) throw error;
    throw new EnvironmentFault(
      `no catalogue of ${facts.folder} can be made (${firstLine(error)}): omidb-etl verify says what is damaged`,
    );
  } finally {
    await db.query('USE memory');
    await db.query('DETACH made');
  }
  return tables.length;
}

function markStatements({ folder, runId, madeBy, written }: CatalogueFacts): string[] {
  const columns = { run_id: runId, snapshot: written(folder), made_by: madeBy };
  const values = Object.entries(columns).map(([name, value]) => `${sqlText(value)} AS ${name}`);
  return [
    `CREATE VIEW ${MARK} AS SELECT ${values.join(', ')}`,
    `COMMENT ON VIEW ${MARK} IS ${sqlText(MARK_COMMENT)}`,
  ];
}

async function assertReplaceable(db: DuckDb, file: string): Promise<void> {
  const kind = kindOf(file);
  if (kind === null || (kind === 'file' && (await isOwn(db, file)))) return;
  throw new UsageFault(
    `${file} is there and is no catalogue of this program, or holds more than one does: give another name, or move it away`,
  );
}

/** Whether a file holds what a catalogue does and nothing else. Of its views none is asked: only what they are. */
async function isOwn(db: DuckDb, file: string): Promise<boolean> {
  try {
    await db.query(`ATTACH ${sqlText(file)} AS earlier (READ_ONLY, TYPE duckdb)`);
  } catch {
    return false;
  }
  try {
    const [row] = await db.rows(`
      WITH views AS (SELECT * FROM duckdb_views() WHERE database_name = 'earlier' AND NOT internal)
      SELECT
        (SELECT count(*) FROM views WHERE view_name = '${MARK}' AND comment = ${sqlText(MARK_COMMENT)}) AS marks,
        (SELECT count(*) FROM views WHERE view_name <> '${MARK}'
          AND (comment IS NULL OR NOT contains(sql, ' AS SELECT * FROM read_parquet(')))
        + (SELECT count(*) FROM duckdb_tables() WHERE database_name = 'earlier')
        + (SELECT count(*) FROM duckdb_types() WHERE database_name = 'earlier' AND NOT internal)
        + (SELECT count(*) FROM duckdb_sequences() WHERE database_name = 'earlier')
        + (SELECT count(*) FROM duckdb_functions() WHERE database_name = 'earlier' AND NOT internal) AS others`);
    return Number(row!['marks']) === 1 && Number(row!['others']) === 0;
  } finally {
    await db.query('DETACH earlier');
  }
}

function firstLine(error: unknown): string {
  return (error as Error).message.split('\n')[0]!;
}
