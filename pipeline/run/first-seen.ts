import { join } from 'node:path';
import { sqlText, type DuckDb } from '../duckdb.js';
import { NewFile, type PartReceipt } from '../stages/write/part-file.js';

/** The file beside manifest.json that gives the run in which each mismatch was first seen. */
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
  /** Files with the sha256 of a mismatch on each line. */
  readonly hashes: string;
  /** The file of the snapshot before; null when there is none. */
  readonly previous: string | null;
  readonly runId: string;
  readonly time: Date;
  readonly signal: AbortSignal;
}

/**
 * Writes the file: known mismatches keep their run, the others get this one. In the order of the hashes; DuckDB joins, and
 * spills what does not fit, so that memory does not grow with the mismatches.
 * @throws the signal's reason when it is aborted
 */
export async function writeFirstSeen(db: DuckDb, settings: HistorySettings): Promise<MismatchHistory> {
  const { snapshot, runId, time, signal } = settings;
  const first = { run_id: runId, time: time.toISOString() };
  await createViews(db, settings);
  const file = new NewFile(join(snapshot, FIRST_SEEN));
  let rows = 0;
  let fresh = 0;
  try {
    const joined = db.stream(
      'SELECT mismatch, b.run_id, b."time" FROM (SELECT DISTINCT mismatch FROM seen_now) LEFT JOIN seen_before b USING (mismatch) ORDER BY mismatch',
    );
    for await (const chunk of joined) {
      signal.throwIfAborted();
      const lines = (chunk as unknown as FirstSeen[]).map((row) => {
        if ((row.run_id as string | null) !== null) return `${JSON.stringify(row)}\n`;
        fresh++;
        return `${JSON.stringify({ mismatch: row.mismatch, ...first })}\n`;
      });
      rows += lines.length;
      file.write(Buffer.from(lines.join('')));
    }
    const [gone] = await db.rows(
      'SELECT count(*)::INT AS n FROM seen_before ANTI JOIN seen_now USING (mismatch)',
    );
    return { new: fresh, resolved: Number(gone!['n']), file: { path: FIRST_SEEN, rows, ...file.finish() } };
  } catch (error) {
    file.abandon();
    throw error;
  }
}

async function createViews(db: DuckDb, { hashes, previous }: HistorySettings): Promise<void> {
  await db.query(
    `CREATE VIEW seen_now AS FROM read_csv(${sqlText(hashes)}, header = false, columns = {'mismatch': 'VARCHAR'})`,
  );
  const columns = `{'mismatch': 'VARCHAR', 'run_id': 'VARCHAR', 'time': 'VARCHAR'}`;
  const before =
    previous === null
      ? `SELECT NULL::VARCHAR AS mismatch, NULL::VARCHAR AS run_id, NULL::VARCHAR AS "time" WHERE false`
      : `FROM read_json(${sqlText(previous)}, format = 'newline_delimited', columns = ${columns})`;
  await db.query(`CREATE VIEW seen_before AS ${before}`);
}
