import type { StageSeconds } from './cpu-profile.js';
import type { Machine } from './machine.js';
import type { Run } from './measured-run.js';
import type { Stage } from './stages.js';

/** What a benchmark found, as bench.json holds it. A part that was not asked for is missing. */
export interface Results {
  readonly date: string;
  readonly machine: Machine;
  readonly clients: number;
  readonly workers: number;
  readonly runs: number;
  readonly main?: MainResult;
  readonly profile?: ProfileResult;
  readonly sizes?: SizeResult[];
  readonly workerCounts?: WorkersResult[];
  readonly startup?: StartupResult;
  readonly slow?: SlowResult;
}

/** The rounds of a series, in order. */
export type Runs = readonly Run[];

export interface MainResult {
  readonly images: number;
  readonly ranges: number;
  readonly floor: Runs;
  readonly full: Runs;
  readonly unchanged: Runs;
  /** Writing the tables of the full run again. */
  readonly writing: Runs;
  readonly dataFloor: Runs;
  readonly dataOnly: Runs;
  /** The same with one worker. */
  readonly dataOnlyAlone: Runs;
  /** The plain reader in Python of the same JSON headers; empty where there is no Python. */
  readonly peer: Runs;
  /** Writing those of the run of data only. */
  readonly dataWriting: Runs;
  readonly bytesPerImage: { readonly json: number; readonly dicom: number };
  readonly tables: readonly TableSize[];
}

export interface TableSize {
  readonly table: string;
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
}

export interface ProfileResult {
  /** Of the profiled run, profiling included. */
  readonly run: Run;
  /** Seconds of V8's threads. */
  readonly threads: StageSeconds;
  /** CPU seconds of DuckDB's threads, by stage. */
  readonly duckdb: Readonly<Partial<Record<Stage, number>>>;
}

export interface SizeResult {
  readonly clients: number;
  readonly images: number;
  readonly ranges: number;
  readonly floor: Runs;
  readonly runs: Runs;
}

export interface WorkersResult {
  readonly workers: number;
  readonly floor: Runs;
  readonly full: Runs;
}

export interface StartupResult {
  /** Seconds of `--version`. */
  readonly version: readonly number[];
  readonly floor: Runs;
  readonly full: Runs;
}

/** A disk as it is imitated: every call waits so long, one in a hundred half a second, or none. */
export type SlowDisk = 'none' | '2 ms' | '10 ms' | 'tail';

export interface SlowPoint {
  readonly disk: SlowDisk;
  readonly full: Runs;
  readonly unchanged: Runs;
  readonly dataOnly: Runs;
}

export interface SlowResult {
  readonly clients: number;
  readonly images: number;
  /** Why nothing was measured; null where it was. */
  readonly skipped: string | null;
  /** `none` first. */
  readonly points: readonly SlowPoint[];
  /** Full runs that were not traced, without reading ahead … */
  readonly direct: Runs;
  /** … and as they are. */
  readonly plain: Runs;
}
