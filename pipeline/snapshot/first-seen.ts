import { join } from 'node:path';
import type { DuckDb } from '../engine/duckdb.js';
import { textRows } from '../engine/sql.js';
import type { PartReceipt } from '../stages/write/part-file.js';
import { NewFile } from '../storage/new-file.js';
import { linesOf } from '../storage/read.js';

/** The file beside manifest.json that gives the run in which each mismatch was first seen, in the order of the hashes. */
export const FIRST_SEEN = 'first-seen.jsonl';

/** A line of the file. */
interface FirstSeen {
  /** sha256 of the mismatch's line in mismatches.jsonl, without its end. */
  readonly mismatch: string;
  readonly run_id: string;
  /** When that run began. */
  readonly time: string;
}

/** How the mismatches of a run compare with those of the snapshot before. Equal ones count once. */
export interface MismatchHistory {
  readonly new: number;
  readonly resolved: number;
  readonly file: PartReceipt;
}

export interface HistorySettings {
  readonly snapshot: string;
  /** File with the sha256 of a mismatch on each line, and how many lines it has. */
  readonly hashes: string;
  readonly count: number;
  /** The file of the snapshot before, as it was published; null when there is none. */
  readonly previous: string | null;
  readonly runId: string;
  readonly time: Date;
  readonly signal: AbortSignal;
}

/**
 * Writes the file: known mismatches keep their run, the others get this one. A merge of two sorted lists, so that memory
 * does not grow with the mismatches.
 * @throws the signal's reason when it is aborted
 */
export async function writeFirstSeen(db: DuckDb, settings: HistorySettings): Promise<MismatchHistory> {
  const { snapshot, previous, runId, time, signal } = settings;
  const first = { run_id: runId, time: time.toISOString() };
  const before = previous === null ? null : seenIn(previous);
  const nextKnown = async () => ((await before?.next())?.value ?? null) as FirstSeen | null;
  const file = new NewFile(join(snapshot, FIRST_SEEN));
  const counts = { rows: 0, new: 0, resolved: 0 };
  try {
    let known = await nextKnown();
    for await (const hashes of sortedHashes(db, settings)) {
      signal.throwIfAborted();
      let lines = '';
      for (const mismatch of hashes) {
        for (; known !== null && known.mismatch < mismatch; known = await nextKnown()) counts.resolved++;
        const isKnown = known?.mismatch === mismatch;
        lines += `${JSON.stringify(isKnown ? known : { mismatch, ...first })}\n`;
        if (isKnown) known = await nextKnown();
        else counts.new++;
      }
      counts.rows += hashes.length;
      file.write(Buffer.from(lines));
    }
    for (; known !== null; known = await nextKnown()) counts.resolved++;
    const { rows, ...history } = counts;
    return { ...history, file: { path: FIRST_SEEN, rows, ...file.finishUnsynced() } };
  } catch (error) {
    file.abandon();
    throw error;
  }
}

/** So many hashes are sorted at once, about. */
const SLICE = 50_000;

/** The hashes in their order, each once, a slice at a time: DuckDB sorts no more than fits into its memory. */
async function* sortedHashes(db: DuckDb, { hashes, count }: HistorySettings): AsyncGenerator<string[]> {
  await db.query(`CREATE TABLE seen_now AS FROM ${textRows([hashes], 'mismatch')}`);
  const digits = Math.max(0, Math.ceil(Math.log(count / SLICE) / Math.log(16)));
  for (let slice = 0; slice < 16 ** digits; slice++) {
    // Hashes are spread evenly over their first digits.
    const prefix = digits === 0 ? '' : slice.toString(16).padStart(digits, '0');
    const rows = await db.rows(
      `SELECT DISTINCT mismatch FROM seen_now WHERE starts_with(mismatch, '${prefix}') ORDER BY mismatch`,
    );
    yield rows.map(({ mismatch }) => String(mismatch));
  }
  await db.query('DROP TABLE seen_now');
}

async function* seenIn(path: string): AsyncGenerator<FirstSeen> {
  for await (const line of linesOf(path)) yield JSON.parse(line) as FirstSeen;
}
