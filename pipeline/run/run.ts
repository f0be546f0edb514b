import type { Logger } from 'pino';
import { loadDuckDb } from '../engine/duckdb.js';
import type { OutputFolder } from '../snapshot/output-folder.js';
import type { RunContext } from './context.js';
import { holdingOutput, throwIfLost } from './holding.js';
import { throwIfStopped } from './interrupted.js';
import type { RunOptions } from './options.js';
import { planRun, type RunPlan } from './plan.js';
import { publishedSummary, unchangedSummary, type RunSummary } from './summary.js';
import { makeRunId, type RunUnderWay } from './under-way.js';
import { openPool } from './workers.js';
import { writeRanges } from './write-ranges.js';

/**
 * Runs the pipeline. Ranges of clients in which nothing changed since the current snapshot are carried over; where nothing
 * changed at all, nothing is published.
 * @throws EnvironmentFault, VerificationError or Interrupted; then nothing is published, and the last published snapshot
 * is as it was. What an interrupted run had finished, the next one does not read again.
 */
export async function run(options: RunOptions, context: RunContext): Promise<RunSummary> {
  const plan = planRun(options);
  warnOfMissing(plan, context.log);
  return holdingOutput(options.out, context, (output) =>
    withWorkers(options, context, plan, output, runSteps),
  );
}

/** The steps of a run that has its output folder and its workers. */
async function runSteps(run: RunUnderWay): Promise<RunSummary> {
  const { options, context, output } = run;
  const written = await writeRanges(run, loadAhead);
  if (written === null) {
    output.discard();
    prune(output, options.keep, context.log);
    return unchangedSummary(run, output.current()!);
  }
  const { finishTables, sealSnapshot } = await loadLastSteps();
  const finished = await finishTables(run, written);
  const manifest = await sealSnapshot(run, written, finished);
  throwIfStopped(context.signal);
  throwIfLost(output);
  const folder = output.publish(run.runId);
  prune(output, options.keep, context.log);
  return publishedSummary({ manifest, folder });
}

/** To load what a run without changes does not need takes longer than such a run. */
async function loadLastSteps() {
  const [{ finishTables }, { sealSnapshot }] = await Promise.all([
    import('./finish.js'),
    import('./seal.js'),
  ]);
  return { finishTables, sealSnapshot };
}

/** While the workers read. What cannot be loaded is told where it is used. */
function loadAhead(): void {
  Promise.all([loadLastSteps(), loadDuckDb()]).catch(() => undefined);
}

function warnOfMissing({ unknown: { included, excluded } }: RunPlan, log: Logger): void {
  const missing = included.length + excluded.length;
  if (missing > 0)
    log.warn(`${missing} clients of the clients files are in no tree; manifest.json lists them`);
}

/** To start a worker takes as long as to read some clients: fewer than these for each are not worth it. */
const CLIENTS_PER_WORKER = 8;

async function withWorkers<T>(
  options: RunOptions,
  context: RunContext,
  plan: RunPlan,
  output: OutputFolder,
  use: (run: RunUnderWay) => Promise<T>,
): Promise<T> {
  const workers = Math.min(options.workers, Math.ceil(plan.clients.length / CLIENTS_PER_WORKER));
  const pool = openPool(workers, options, context.log);
  const started = context.now();
  try {
    return await use({ options, context, plan, output, pool, started, runId: makeRunId(started) });
  } finally {
    await pool.close();
  }
}

/** What was published is published, whether old snapshots can be removed or not. */
function prune(output: OutputFolder, keep: number, log: Logger): void {
  try {
    output.prune(keep);
  } catch (error) {
    log.warn(`old snapshots could not be removed: ${(error as Error).message}`);
  }
}
