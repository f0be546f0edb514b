import { UsageFault } from '../base/fault.js';
import type { AheadLimits } from '../source/ahead-memory.js';

/**
 * How the memory that a run may take is shared out: what the program and its workers take is known by measuring, and what
 * is left is for files that are read ahead. In MB of 10^6 bytes. Peaks of the resident set of full runs: of 2,000 clients
 * 318, 434, 634 and 943 MB with 1, 2, 4 and 8 workers, of 8,000 clients 515 MB with 2.
 */

const MB = 1e6;
/** The program with DuckDB, which has 160 MB by its own count. */
const PROGRAM_MB = 290;
const WORKER_MB = 125;
/** Of these, so much is for what is read ahead in any case. */
const LEAST_AHEAD_MB = 8;
/** What a run has by default beyond the least: 600 MB for 2 workers. */
const SPARE_MB = 60;
/** For each file that is read ahead: its beginning, as much again where it is large, and its place in lists. */
const BYTES_PER_FILE = 48 * 1024;

/** The least that a run with so many workers can do with, in MB; without threads the program does what one does. */
export function leastMemory(workers: number): number {
  return PROGRAM_MB + WORKER_MB * Math.max(1, workers);
}

/** What a run with so many workers may take where nobody says, in MB. */
export function defaultMemory(workers: number): number {
  return leastMemory(workers) + SPARE_MB;
}

/** @param given in MB; null: the default @throws UsageFault when so many workers cannot do with that */
export function assertMemory(given: number | null, workers: number): void {
  const least = leastMemory(workers);
  if (given === null || given >= least) return;
  const fit = Math.floor((given - PROGRAM_MB) / WORKER_MB);
  const fewer = fit >= 1 ? `, or --workers ${fit}` : '';
  const named = workers === 1 ? '1 worker needs' : `${workers} workers need`;
  throw new UsageFault(`--max-memory is ${given} MB: ${named} ${least} MB at least: give that${fewer}`);
}

/**
 * What each worker may hold of what it reads ahead.
 * @param maxMemory of the run, in MB; null: the default
 * @param files of all workers together
 */
export function aheadLimits(maxMemory: number | null, workers: number, files: number): AheadLimits {
  const spare = (maxMemory ?? defaultMemory(workers)) - leastMemory(workers);
  const room = Math.max(0, spare + LEAST_AHEAD_MB) * MB;
  const bytes = Math.min(room, files * BYTES_PER_FILE);
  return { files: Math.ceil(files / workers), bytes: Math.floor(bytes / workers) };
}
