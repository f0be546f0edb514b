import { join } from 'node:path';
import type { Logger } from 'pino';
import { DuckDb } from '../duckdb.js';
import { hashFile, isAsPublished } from '../stages/checksums.js';
import { codeRows } from '../stages/flatten/codes.js';
import { findDuplicateImages } from '../stages/reconcile/duplicates.js';
import { notAsWritten, verify, type WrittenTable } from '../stages/verify.js';
import { checkStreamed } from '../stages/write/arrow-check.js';
import { arrowPath } from '../stages/write/arrow-path.js';
import { writeArrowPart } from '../stages/write/arrow.js';
import { TableBuilder } from '../stages/write/columns.js';
import type { MismatchCounts } from '../stages/write/mismatches.js';
import { encodeParquet } from '../stages/write/parquet.js';
import { writeFileWhole, type PartReceipt, type WrittenPart } from '../stages/write/part-file.js';
import type { Table } from '../../schemas/column.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { codes } from '../../schemas/tables/codes.js';
import { mismatches as mismatchTable } from '../../schemas/tables/mismatches.js';
import { FIRST_SEEN, writeFirstSeen, type MismatchHistory } from './first-seen.js';
import { throwIfStopped } from './interrupted.js';
import { writeMismatches } from './mismatch-merge.js';
import type { RunOptions } from './options.js';
import type { OutputFolder } from './output-folder.js';
import type { RangeReceipt } from './receipts.js';

/** What is written and checked once all ranges are there. */
export interface Finished {
  readonly tables: readonly WrittenTable[];
  readonly mismatches: MismatchCounts;
  readonly mismatchLines: PartReceipt;
  /** Run id of the snapshot that the mismatches are compared with; null when there is none. */
  readonly since: string | null;
  readonly history: MismatchHistory;
}

interface DatabaseFacts {
  readonly tables: readonly Table[];
  /** Mismatches of the database as a whole. */
  readonly database: readonly Mismatch[];
}

interface Run {
  readonly runId: string;
  readonly time: Date;
  readonly format: RunOptions['format'];
}

interface Surroundings {
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/**
 * Writes what is known only when all ranges are written, then has it all verified by an independent reader.
 * @throws VerificationError, Interrupted
 */
export async function finishTables(
  facts: DatabaseFacts,
  ranges: readonly RangeReceipt[],
  output: OutputFolder,
  run: Run,
  { log, signal }: Surroundings,
): Promise<Finished> {
  const { building, work } = output;
  const db = await DuckDb.open({ memory: '256MB', spill: work });
  const interrupt = () => {
    db.interrupt();
  };
  signal.addEventListener('abort', interrupt);
  try {
    throwIfStopped(signal);
    const arrow = run.format === 'arrow';
    const duplicates = await findDuplicateImages(db, building, partsOf('images', ranges));
    const hashes = join(work, 'mismatch-hashes');
    const manifest = await writeMismatches(
      building,
      hashes,
      arrow,
      facts.database,
      ranges,
      duplicates,
      signal,
    );
    const own = new Map<string, WrittenPart>([
      [codes.name, await writeCodes(building, arrow)],
      [mismatchTable.name, manifest.table],
    ]);
    await readBack(building, [...[...own.values()].map(({ parquet }) => parquet), manifest.lines]);
    const tables = facts.tables.map((table) => writtenTable(table, own.get(table.name), ranges, arrow));
    throwIfStopped(signal);
    await verify(db, building, tables);
    if (manifest.table.arrow !== null) await checkStreamed(building, manifest.table.arrow);
    const before = await snapshotBefore(output, log);
    const history = await writeFirstSeen(db, {
      snapshot: building,
      hashes,
      count: manifest.counts.total,
      previous: before === null ? null : join(before.folder, FIRST_SEEN),
      signal,
      ...run,
    });
    const since = before?.runId ?? null;
    return { tables, mismatches: manifest.counts, mismatchLines: manifest.lines, since, history };
  } finally {
    signal.removeEventListener('abort', interrupt);
    db.close();
  }
}

/** The snapshot that says since when mismatches are known; null when there is none that can be trusted. */
async function snapshotBefore(output: OutputFolder, log: Logger) {
  const current = output.current();
  if (current === null) return null;
  if (await isAsPublished(current.folder, FIRST_SEEN))
    return { folder: current.folder, runId: current.manifest.run_id };
  log.warn(
    `${join(current.folder, FIRST_SEEN)} is damaged or missing: every mismatch counts as first seen now`,
  );
  return null;
}

/** Hashes of files that were compared with the disk in this run, by path. */
export function knownHashes(
  ranges: readonly RangeReceipt[],
  { tables, mismatchLines }: Finished,
): ReadonlyMap<string, string> {
  const files = [
    ...tables.flatMap(({ parts, arrowParts }) => [...parts, ...(arrowParts ?? [])]),
    ...ranges.map(({ mismatches }) => mismatches),
    mismatchLines,
  ];
  return new Map(files.map(({ path, sha256 }) => [path, sha256]));
}

async function readBack(snapshot: string, files: readonly PartReceipt[]): Promise<void> {
  for (const { path, sha256 } of files) {
    if ((await hashFile(join(snapshot, path))) !== sha256) throw notAsWritten(path);
  }
}

function partsOf(table: string, ranges: readonly RangeReceipt[]): PartReceipt[] {
  return ranges.map(({ parts }) => parts[table]!);
}

/** @param own the table's only part, where it is not one of those that each range has a part of */
function writtenTable(
  table: Table,
  own: WrittenPart | undefined,
  ranges: readonly RangeReceipt[],
  arrow: boolean,
): WrittenTable {
  const parts = own === undefined ? partsOf(table.name, ranges) : [own.parquet];
  const arrowParts = own === undefined ? ranges.map((range) => range.arrow?.[table.name]) : [own.arrow];
  return { table, parts, arrowParts: arrow ? (arrowParts as PartReceipt[]) : null };
}

/** The code lists are the same for every database: one small part. */
async function writeCodes(snapshot: string, arrow: boolean): Promise<WrittenPart> {
  const builder = new TableBuilder(codes);
  const rows = codeRows();
  for (const row of rows) builder.append(row);
  const path = 'tables/codes/codes.parquet';
  const content = await encodeParquet(codes, [builder.finish()]);
  return {
    parquet: { path, rows: rows.length, ...writeFileWhole(join(snapshot, path), content) },
    arrow: arrow
      ? writeArrowPart(snapshot, arrowPath(codes.name, 'codes'), codes, content, rows.length)
      : null,
  };
}
