import { join } from 'node:path';
import { pino } from 'pino';
import type { FrozenPlan, ProcessOptions } from '../../pipeline/cluster/frozen-plan.js';
import { makePlan } from '../../pipeline/cluster/make-plan.js';
import { merge } from '../../pipeline/cluster/merge.js';
import { readPlan } from '../../pipeline/cluster/plan-file.js';
import { runTask, type TaskSummary } from '../../pipeline/cluster/run-task.js';
import type { RunContext } from '../../pipeline/run/context.js';
import { NO_PROGRESS } from '../../pipeline/run/progress.js';
import type { RunSummary } from '../../pipeline/run/summary.js';
import { findRoots } from '../../pipeline/source/roots.js';
import { results } from '../crash/helpers.js';
import { RUNS_ALL } from '../helpers/extent.js';
import { hashesBelow } from '../helpers/output.js';
import { runOptions, type MoreOptions } from '../helpers/run-options.js';

/** The commands of a run on many machines, in this process; in the small set without threads. */
const WORKERS = RUNS_ALL ? 1 : 0;

export function contextHere(more: Partial<RunContext> = {}): RunContext {
  return {
    log: pino({ level: 'silent' }),
    progress: NO_PROGRESS,
    now: () => new Date(),
    signal: new AbortController().signal,
    ...more,
  };
}

export function processHere(out: string): ProcessOptions {
  return { out, workers: WORKERS, readAhead: 512, maxMemory: null, metricsFile: null, echo: {} };
}

export function planHere(
  database: string,
  out: string,
  tasks: number,
  more: MoreOptions = {},
  context = contextHere(),
): Promise<FrozenPlan> {
  return makePlan(runOptions(findRoots({ database }), out, { workers: WORKERS, ...more }), tasks, context);
}

export function taskHere(out: string, task: number, more: Partial<RunContext> = {}): Promise<TaskSummary> {
  return runTask(task, null, processHere(out), contextHere(more));
}

export async function mergeHere(out: string, more: Partial<RunContext> = {}): Promise<RunSummary> {
  return merge(await readPlan(out, null), processHere(out), contextHere(more));
}

/** Tasks of a plan that have something to read. */
export function busyTasks({ tasks }: FrozenPlan): number[] {
  return [...tasks.keys()].filter((task) => tasks[task]!.length > 0);
}

/** Plans, does every task in turn, and merges. */
export async function runShared(
  database: string,
  out: string,
  tasks: number,
  more: MoreOptions = {},
): Promise<RunSummary> {
  const plan = await planHere(database, out, tasks, more);
  for (const task of busyTasks(plan)) await taskHere(out, task);
  return mergeHere(out);
}

/** As `results`, and the schema and the files of other formats. */
export function allResults(out: string): Record<string, string> {
  const current = join(out, 'current');
  const { 'schema.json': schema, ...rest } = hashesBelow(current);
  const arrow = Object.entries(rest).filter(([path]) => path.startsWith('arrow/'));
  return { ...results(out), ...Object.fromEntries(arrow), 'schema.json': schema! };
}
