import { join } from 'node:path';
import type { Table } from '../../schemas/column.js';
import { sideTable } from '../../schemas/tables/side-table.js';
import type { DuckDb } from '../engine/duckdb.js';
import type { ManifestSideTable } from '../snapshot/manifest.js';
import { matchSideTable, type MatchPlace } from '../stages/side/match.js';
import type { SideFile } from '../stages/side/side-file.js';
import type { WrittenPart } from '../stages/write/part.js';
import { throwIfStopped } from './interrupted.js';
import type { RunUnderWay, WrittenRanges } from './under-way.js';

/** A side table of the snapshot. */
export interface WrittenSideTable {
  readonly table: Table;
  readonly part: WrittenPart;
  /** Work file of its mismatches. */
  readonly mismatches: string;
  readonly input: ManifestSideTable;
}

/** Writes the side tables, which need the finished parts of the tables that they name rows of. */
export async function writeSideTables(
  db: DuckDb,
  run: RunUnderWay,
  written: WrittenRanges,
): Promise<WrittenSideTable[]> {
  const tables: WrittenSideTable[] = [];
  if (run.plan.sideFiles.length === 0) return tables;
  const place = matchPlace(run, written);
  for (const file of run.plan.sideFiles) tables.push(await writeOne(db, run, file, place));
  return tables;
}

async function writeOne(
  db: DuckDb,
  { options, output, pool, context }: RunUnderWay,
  file: SideFile,
  place: MatchPlace,
): Promise<WrittenSideTable> {
  throwIfStopped(context.signal);
  const { dropped, leftOut, unmatched, isOneRowEach, mismatches } = await matchSideTable(db, file, place);
  const table = sideTable(file, isOneRowEach);
  const part = await pool.run('side', {
    file,
    table,
    dropped,
    batchFile: join(output.work, `${file.name}-rows`),
    snapshot: output.building,
    formats: options.rows.formats,
  });
  const input = { ...sideInput(file), rows_left_out: leftOut, rows_unmatched: unmatched };
  return { table, part, mismatches, input };
}

/** Whose rows a run takes; the lists of clients decide whom nothing is said of, whether a tree has them or not. */
function matchPlace({ options: { rows }, plan, output }: RunUnderWay, { ranges }: WrittenRanges): MatchPlace {
  const clients = new Set(plan.clients.map(({ id }) => id));
  const included = rows.includeClients === null ? null : new Set(rows.includeClients);
  const excluded = new Set(rows.excludeClients);
  return {
    partsOf: (table) => ranges.map(({ files }) => join(output.building, files.parquet[table]!.path)),
    work: output.work,
    isClient: (id) => clients.has(id),
    isLeftOut: (id) => excluded.has(id) || (included !== null && !included.has(id)),
  };
}

/** What is known of the file of a side table before it is matched. */
export function sideInput({ name, path, state, rows }: SideFile) {
  return { table: name, path, ...state, rows };
}
