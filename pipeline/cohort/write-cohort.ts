import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { EnvironmentFault } from '../base/fault.js';
import type { DuckDb } from '../engine/duckdb.js';
import { sqlName, sqlText } from '../engine/sql.js';
import { writeFileWhole } from '../storage/new-file.js';
import { cohortColumns, rowOrder } from './cohort-table.js';
import type { CohortFile } from './cohort-file.js';
import type { FlowLine } from './lines.js';
import type { Unit } from './unit.js';

/** Parquet and CSV of a cohort, written by DuckDB: in one order, so that the same rows give the same bytes. */

/** cohort.parquet and cohort.csv, from the table `cohort`. The footer says what cohort it is, and where paths start from. */
export async function writeRows(db: DuckDb, folder: string, file: CohortFile, unit: Unit): Promise<void> {
  const columns = cohortColumns(file.spec, unit).map(sqlName).join(', ');
  const rows = `SELECT ${columns} FROM cohort ORDER BY ${rowOrder(unit.key)}`;
  const { name, snapshot, spec_sha256: spec, roots } = file;
  const footer = JSON.stringify({ cohort: name, snapshot: snapshot.run_id, spec_sha256: spec, roots });
  await copy(db, rows, join(folder, 'cohort.parquet'), parquetOptions(footer));
  await copyCsv(db, rows, join(folder, 'cohort.csv'));
}

/** excluded.parquet, from the table `lost`. */
export async function writeExcluded(
  db: DuckDb,
  folder: string,
  unit: Unit,
  lines: readonly FlowLine[],
): Promise<void> {
  const names = lines.map(({ number, name }) => `(${number}, ${sqlText(name)})`).join(', ');
  const rows = `SELECT ${unit.key.join(', ')}, step, name AS step_name,
  CASE WHEN is_unknown THEN 'unknown' ELSE 'excluded' END AS reason
FROM lost JOIN (VALUES ${names}) AS steps(step, name) USING (step) ORDER BY ${rowOrder(unit.key)}`;
  await copy(db, rows, join(folder, 'excluded.parquet'), parquetOptions('{}'));
}

/** Rows of a query as CSV: null is empty, text that needs it in quotes. */
export async function copyCsv(db: DuckDb, rows: string, path: string): Promise<void> {
  await copy(db, rows, path, 'FORMAT csv, HEADER');
}

function parquetOptions(footer: string): string {
  return `FORMAT parquet, COMPRESSION zstd, KV_METADATA {omidb_etl: ${sqlText(footer)}}`;
}

/** @throws EnvironmentFault: nothing but the disk can be in the way */
async function copy(db: DuckDb, rows: string, path: string, options: string): Promise<void> {
  try {
    await db.query(`COPY (${rows}) TO ${sqlText(path)} (${options})`);
  } catch (error) {
    throw new EnvironmentFault(`${path} cannot be written (${(error as Error).message.split('\n')[0]!})`);
  }
}

export function writeText(folder: string, name: string, text: string): void {
  writeFileWhole(join(folder, name), Buffer.from(text));
}

export function writeJson(folder: string, name: string, content: unknown): void {
  writeText(folder, name, `${JSON.stringify(content, null, 2)}\n`);
}

/** The hash by which a spec is known again, however its file was laid out. */
export function hashSpec(spec: unknown): string {
  return createHash('sha256').update(JSON.stringify(spec)).digest('hex');
}
