import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import type { Roots } from '../source/source.js';
import type { MismatchCounts } from '../stages/write/mismatches.js';
import { makeFolder } from '../storage/folders.js';
import { exists, removeIfThere, rename } from '../storage/names.js';
import { appendLine } from '../storage/line-log.js';
import { writeFileWhole } from '../storage/new-file.js';
import { readText } from '../storage/read.js';
import type { Counts } from './gate/check.js';
import type { BudgetResult, GateReport, Manifest } from './manifest.js';
import { currentFolder } from './published.js';

/** The record of each run, published or not: last-run.json, and a line of runs.jsonl. Other programs read both. */

export const RECORD_VERSION = 1;

/**
 * `published`, `unchanged`: nothing to publish, `refused` by the gate, `failed`, `interrupted` by the user or the system;
 * `died`: killed, or the machine went down, as the run after it found; `used`: `omidb-etl use` turned `current`.
 */
export type RunStatus = 'published' | 'unchanged' | 'refused' | 'failed' | 'interrupted' | 'died' | 'used';

export interface RunRecord {
  readonly format_version: typeof RECORD_VERSION;
  readonly status: RunStatus;
  /** Null of a run that died. */
  readonly exit_code: number | null;
  /** Null where a run ended before it had one. Of `used`, that of the snapshot. */
  readonly run_id: string | null;
  /** ISO 8601, UTC, as all times. */
  readonly started: string;
  readonly finished: string | null;
  readonly seconds: number | null;
  /** The trees that it reads; null where it ended before it knew them, and of `used`. */
  readonly roots: Roots | null;
  readonly software: Manifest['software'];
  readonly options: Readonly<Record<string, unknown>>;
  /** Of the snapshot that the run made, published or not, or found unchanged; null where there is none. */
  readonly counts: Counts | null;
  readonly mismatches: (MismatchCounts & Pick<Manifest['mismatches'], 'since' | 'new' | 'resolved'>) | null;
  /** Ranges of clients, by why they were read or not. */
  readonly reasons: Manifest['work']['client_ranges'] | null;
  readonly gate: GateReport | null;
  readonly budgets: readonly BudgetResult[];
  /** The sentence that says why nothing was published; else null. */
  readonly failure: string | null;
  /** Where the snapshot lies, from the output folder on. */
  readonly snapshot: string | null;
  /** Run id of the snapshot that was current when the run had ended. */
  readonly current: string | null;
}

const LAST_RUN = 'last-run.json';
export const RUNS = 'runs.jsonl';
/** There while a run is: who finds it when no run is knows that one died. */
const UNDER_WAY = '.run-under-way.json';

/** Files of the record, and what a death leaves of one half written. */
export const HALF_RECORD = /^\.last-run-[0-9a-f]{12}(\.tmp)?$/;

/** Writes the record of a run that has ended: its line first, so that no line is missing of what last-run.json says. */
export function writeRecord(out: string, record: RunRecord): void {
  makeFolder(out, 0o750);
  appendLine(join(out, RUNS), JSON.stringify(record));
  // `use` is no run: what the last one did is to be read there still.
  if (record.status === 'used') return;
  const half = join(out, `.last-run-${randomBytes(6).toString('hex')}`);
  writeFileWhole(half, Buffer.from(`${JSON.stringify(record, null, 2)}\n`));
  rename(half, join(out, LAST_RUN));
}

/** The records of an output folder, oldest first; a line that is none of this version is left out. */
export function readRecords(out: string): RunRecord[] {
  const path = join(out, RUNS);
  if (!exists(path)) return [];
  return readText(path)
    .split('\n')
    .map(parseRecord)
    .filter((record) => record !== null);
}

function parseRecord(line: string): RunRecord | null {
  try {
    const record = JSON.parse(line) as Partial<RunRecord> | null;
    const isOne = record?.format_version === RECORD_VERSION && typeof record.status === 'string';
    return isOne && typeof record.started === 'string' ? (record as RunRecord) : null;
  } catch {
    return null;
  }
}

/** What is known of a run while it is under way. */
export type RunBegun = Pick<RunRecord, 'started' | 'roots' | 'software' | 'options'> & {
  readonly run_id: string;
};

/** Says that a run is under way. For who holds the lock. */
export function noteUnderWay(out: string, begun: RunBegun): void {
  writeFileWhole(join(out, UNDER_WAY), Buffer.from(`${JSON.stringify(begun)}\n`));
}

/** Says that it is not any more; that of another run stays. */
export function endUnderWay(out: string, runId: string): void {
  if (readUnderWay(out)?.run_id === runId) removeIfThere(join(out, UNDER_WAY));
}

function readUnderWay(out: string): RunBegun | null {
  try {
    const begun = JSON.parse(readText(join(out, UNDER_WAY))) as Partial<RunBegun> | null;
    const isOne = typeof begun?.run_id === 'string' && typeof begun.started === 'string';
    return isOne ? (begun as RunBegun) : null;
  } catch {
    return null;
  }
}

/**
 * The record of a run that ended without a word, written now, for who holds the lock; null when there is none. What it
 * says of a snapshot is what lies there.
 */
export function recordDeath(out: string): RunRecord | null {
  const begun = readUnderWay(out);
  removeIfThere(join(out, UNDER_WAY));
  if (begun === null) return null;
  // It had said all that there is to say, and died right after.
  if (readRecords(out).some(({ run_id: id }) => id === begun.run_id)) return null;
  const snapshot = ['snapshots', 'refused']
    .map((folder) => `${folder}/${begun.run_id}`)
    .find((path) => exists(join(out, path)));
  const record: RunRecord = {
    format_version: RECORD_VERSION,
    status: 'died',
    exit_code: null,
    ...NOTHING_MADE,
    ...begun,
    finished: null,
    seconds: null,
    failure: 'the run ended without a word: it was killed, or the machine went down',
    snapshot: snapshot ?? null,
    current: currentRunId(out),
  };
  writeRecord(out, record);
  return record;
}

/** What a record says of a run that made nothing. */
export const NOTHING_MADE = {
  counts: null,
  mismatches: null,
  reasons: null,
  gate: null,
  budgets: [],
  failure: null,
  snapshot: null,
} as const;

/** Run id of the snapshot that `current` points to; null when there is none. */
export function currentRunId(out: string): string | null {
  const folder = currentFolder(out);
  return folder === null ? null : basename(folder);
}
