import { join } from 'node:path';
import type { Logger } from 'pino';
import { DuckDb } from '../duckdb.js';
import { hashFile, isAsPublished } from '../stages/checksums.js';
import { findDuplicateImages } from '../stages/reconcile/duplicates.js';
import { notAsWritten, verify, type WrittenTable } from '../stages/verify.js';
import type { MismatchCounts } from '../stages/write/mismatches.js';
import type { PartReceipt, WrittenPart } from '../stages/write/part-file.js';
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

/** What the workers wrote. */
interface Written {
  readonly ranges: readonly RangeReceipt[];
  readonly codesPart: WrittenPart;
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
  { ranges, codesPart }: Written,
  output: OutputFolder,
  run: Run,
  { log, signal }: Surroundings,
): Promise<Finished> {
  const { building, work } = output;
  const db = await DuckDb.openSmall(work);
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
      [codes.name, codesPart],
      [mismatchTable.name, manifest.table],
    ]);
    await readBack(building, [...[...own.values()].map(({ parquet }) => parquet), manifest.lines]);
    const tables = facts.tables.map((table) => writtenTable(table, own.get(table.name), ranges, arrow));
    throwIfStopped(signal);
    await verify(db, building, tables);
    if (manifest.table.arrow !== null) {
      const { checkStreamed } = await import('../stages/write/arrow-check.js');
      await checkStreamed(building, manifest.table.arrow);
    }
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
