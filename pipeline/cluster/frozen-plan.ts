import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { allTables } from '../../schemas/tables/index.js';
import type { RunOptions } from '../run/options.js';
import type { RunPlan } from '../run/plan.js';
import { inTasks } from '../run/range-tasks.js';
import type { Manifest, RangeReason } from '../snapshot/manifest.js';
import type { RootIds } from '../source/source.js';
import type { RangePlan } from '../stages/discover.js';

/** A run that is frozen before it is divided among machines: plain data, the same for all of them. */
export interface FrozenPlan extends Pick<RunPlan, 'width' | 'unknown' | 'inTrees' | 'sideFiles'> {
  /** Hash of all the rest. */
  readonly id: string;
  readonly software: Manifest['software'];
  /** Hash of the program that made it (see programHash). */
  readonly program: string;
  /** See configurationFingerprint. */
  readonly configuration: string;
  readonly options: FrozenOptions;
  /** Run id of the current snapshot, which the ranges that no task reads are kept of; null where there is none. */
  readonly against: string | null;
  /** What tells the roots from other folders on every machine (see inodesOf). */
  readonly rootInodes: RootIds;
  readonly database: readonly Mismatch[];
  /** Ids of clients that a tree has, and that the run leaves out. */
  readonly leftOut: readonly string[];
  readonly ranges: readonly FrozenRange[];
  /** What each task reads; some may have nothing. */
  readonly tasks: readonly (readonly Share[])[];
}

/** Options of one process; the others are said once, and hold for all machines. */
export const PROCESS_OPTIONS = ['out', 'workers', 'readAhead', 'maxMemory', 'metricsFile'] as const;
type ProcessOption = (typeof PROCESS_OPTIONS)[number];
export type FrozenOptions = Omit<RunOptions, ProcessOption>;
/** `echo` is that of these options. */
export type ProcessOptions = Pick<RunOptions, ProcessOption | 'echo'>;

/** What a process of the plan is told. */
export function optionsOf({ options }: FrozenPlan, process: ProcessOptions): RunOptions {
  return { ...options, ...process, echo: { ...options.echo, ...process.echo } };
}

export interface FrozenRange extends RangePlan {
  /** Of the clients of each of its pieces (see piecesOf), when the plan was made. */
  readonly stamps: readonly string[];
  /** Why a task reads it; null where it is kept. */
  readonly read: RangeReason | null;
}

/** Pieces of a range, from `first` on, without `end`. */
export interface Share {
  readonly range: string;
  readonly first: number;
  readonly end: number;
}

/** The clients of a range as they are read: a few at a time, always the same. */
export const piecesOf = ({ clients }: RangePlan) => inTasks(clients);

/** Whether a share is all of its range. */
export function isWhole({ first, end }: Share, range: FrozenRange): boolean {
  return first === 0 && end === range.stamps.length;
}

export function rangesByName(plan: Pick<FrozenPlan, 'ranges'>): ReadonlyMap<string, FrozenRange> {
  return new Map(plan.ranges.map((range) => [range.range, range]));
}

/** The frozen plan as that of a run. */
export function runPlanOf(plan: FrozenPlan): RunPlan {
  const { ranges, width, unknown, database, inTrees, sideFiles, options, rootInodes } = plan;
  const clients = ranges.flatMap((range) => range.clients);
  return {
    ...{ clients, width, ranges, unknown, database, inTrees, sideFiles },
    tables: allTables(options.rows.tags.tags.map(({ column }) => column)),
    known: new Set([...clients.map(({ id }) => id), ...plan.leftOut]),
    // Nothing of the database is read by it.
    rootIds: rootInodes,
  };
}
