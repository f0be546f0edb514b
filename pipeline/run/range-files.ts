import { join } from 'node:path';
import { mismatchPath, writeReceipt, type RangeReceipt } from '../snapshot/receipts.js';
import { addReadCounts, noReadCounts, type ReadCounts } from '../stages/read-counts.js';
import { byFormat } from '../stages/write/formats.js';
import type { WrittenPart } from '../stages/write/part.js';
import type { PartReceipt } from '../stages/write/part-file.js';
import { notAsWritten } from '../stages/write/read-back.js';
import { NewFile } from '../storage/new-file.js';
import { piecesOf } from '../storage/read.js';
import { rangeFingerprint } from './fingerprint.js';
import type { RangePlace } from './range-origin.js';
import type { ReadResult } from './tasks.js';

/** From what was read of the clients of a range to its files. */

type FilesPlace = Pick<RangePlace, 'tasks' | 'building' | 'configuration' | 'formats'>;

/**
 * Writes the files of a range, the receipt last, then has them read back.
 * @param clients how many it has
 * @param results of all of them, in order
 * @throws VerificationError when a file is not as it was written
 */
export async function writeRangeFiles(
  place: FilesPlace,
  range: string,
  clients: number,
  results: readonly ReadResult[],
): Promise<RangeReceipt> {
  const { building, configuration, tasks } = place;
  const files = await writeParts(place, range, results);
  const stamps = results.map(({ stamp }) => stamp);
  const receipt: RangeReceipt = {
    range,
    fingerprint: rangeFingerprint(await configuration, stamps),
    clients,
    files,
    mismatches: writeRangeMismatches(building, range, results),
    counts: sumCounts(results),
  };
  writeReceipt(building, receipt);
  // Parts that are carried or taken up were compared with their checksums; new ones are too.
  const damaged = await tasks.findDamage(building, receipt);
  if (damaged !== null) throw notAsWritten(damaged);
  return receipt;
}

async function writeParts(
  place: FilesPlace,
  range: string,
  results: readonly ReadResult[],
): Promise<RangeReceipt['files']> {
  const tables = Object.keys(results[0]!.batches);
  const parts = await Promise.all(tables.map((table) => writePart(place, range, table, results)));
  return byFormat(place.formats, (name) =>
    Object.fromEntries(tables.map((table, i) => [table, parts[i]![name]!])),
  );
}

function writePart(
  { tasks, building, formats }: FilesPlace,
  range: string,
  table: string,
  results: readonly ReadResult[],
): Promise<WrittenPart> {
  return tasks.encode({
    table,
    batches: results.flatMap((result) => result.batches[table]!),
    rows: rowsOf(results, table),
    snapshot: building,
    part: range,
    formats,
  });
}

/** Copies the lines of the tasks, however many, into the file of the range. */
function writeRangeMismatches(building: string, range: string, results: readonly ReadResult[]): PartReceipt {
  const path = mismatchPath(range);
  const file = new NewFile(join(building, path));
  const lines = results.flatMap(({ mismatches }) => mismatches);
  try {
    for (const { path: from } of lines) for (const piece of piecesOf(from)) file.write(piece);
    return { path, rows: lines.reduce((sum, { rows }) => sum + rows, 0), ...file.finishUnsynced() };
  } catch (error) {
    file.abandon();
    throw error;
  }
}

/** The work files that hold what was read. */
export function workFilesOf(results: readonly ReadResult[]): string[] {
  const places = results.flatMap(({ batches }) => Object.values(batches).flat());
  const lines = results.flatMap(({ mismatches }) => mismatches);
  return [...new Set([...places, ...lines].map(({ path }) => path))];
}

/** The results of several tasks as those of one; the stamp is the first one's. */
export function joinResults(results: readonly [ReadResult, ...ReadResult[]]): ReadResult {
  const byTable = <T>(join: (table: string) => T) =>
    Object.fromEntries(Object.keys(results[0].batches).map((table) => [table, join(table)]));
  return {
    stamp: results[0].stamp,
    batches: byTable((table) => results.flatMap(({ batches }) => batches[table]!)),
    rows: byTable((table) => rowsOf(results, table)),
    mismatches: results.flatMap(({ mismatches }) => mismatches),
    counts: sumCounts(results),
  };
}

function rowsOf(results: readonly ReadResult[], table: string): number {
  return results.reduce((sum, { rows }) => sum + (rows[table] ?? 0), 0);
}

function sumCounts(results: readonly ReadResult[]): ReadCounts {
  const sum = noReadCounts();
  for (const { counts } of results) addReadCounts(sum, counts);
  return sum;
}
