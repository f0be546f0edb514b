import { join } from 'node:path';
import { writeFileWhole } from '../storage/new-file.js';
import { readText } from '../storage/read.js';

/**
 * Whose turn it is to be read again though nothing shows a change (--verify-content): a share of the ranges in each run,
 * those first that were not read for longest. The state lies in the output folder, beside the snapshots, for it goes on in
 * runs that publish nothing. It counts runs, for clocks may be set back.
 */

/** In the output folder. */
export const TURNS_FILE = 'content-turns.json';

interface Turns {
  /** How many runs with the option there were. */
  readonly runs: number;
  /** By range: the number of the run that read it last. */
  readonly read: Readonly<Record<string, number>>;
}

/**
 * Ranges whose turn it is: each of N comes within 100/P runs, rounded up.
 * @param ranges in natural order, which decides among those read in the same run
 * @param percent more than 0, at most 100
 */
export function dueRanges(ranges: readonly string[], turns: Turns, percent: number): Set<string> {
  // Rounding up must not take what floating point adds for a whole range.
  const share = Math.ceil((ranges.length * percent) / 100 - 1e-9);
  const last = (range: string) => turns.read[range] ?? 0;
  // A stable sort.
  return new Set([...ranges].sort((a, b) => last(a) - last(b)).slice(0, share));
}

/**
 * The state after a run.
 * @param ranges all there are now: of others nothing is kept
 * @param read those that the run read
 */
export function nextTurns(turns: Turns, ranges: readonly string[], read: ReadonlySet<string>): Turns {
  const runs = turns.runs + 1;
  const last = ranges.map((range) => [range, read.has(range) ? runs : (turns.read[range] ?? 0)]);
  return { runs, read: Object.fromEntries(last) as Record<string, number> };
}

/** What the last run left; where there is none, or none that can be read, it is as if no range had been read. */
export function readTurns(out: string): Turns {
  try {
    const { runs, read } = JSON.parse(readText(join(out, TURNS_FILE))) as Partial<Turns>;
    if (isCount(runs) && typeof read === 'object' && Object.values(read).every(isCount))
      return { runs, read };
  } catch {
    // Begun anew.
  }
  return { runs: 0, read: {} };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** @throws the file system's error */
export function writeTurns(out: string, turns: Turns): void {
  writeFileWhole(join(out, TURNS_FILE), Buffer.from(`${JSON.stringify(turns)}\n`));
}
