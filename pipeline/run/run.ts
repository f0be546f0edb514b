import type { Logger } from 'pino';
import { loadDuckDb } from '../engine/duckdb.js';
import type { OutputFolder } from '../snapshot/output-folder.js';
import { sumReadCounts } from '../stages/read-counts.js';
import type { SideFile } from '../stages/side/side-file.js';
import { ContentCheck } from './content-check.js';
import type { RunContext } from './context.js';
import { holdingOutput } from './holding.js';
import { throwIfStopped } from './interrupted.js';
import type { RunOptions } from './options.js';
import { planRun, type RunPlan } from './plan.js';
import { nextRunId } from './run-id.js';
import { assertContentsThere, assertTreesThere } from './trees.js';
import { publishedSummary, unchangedSummary, type RunSummary } from './summary.js';
import type { RunUnderWay } from './under-way.js';
import { warnOfMissing, warnOfSummary } from './warnings.js';
import { openPool } from './workers.js';
import { writeRanges } from './write-ranges.js';

/**
 * Runs the pipeline. Ranges of clients in which nothing changed since the current snapshot are carried over; where nothing
 * changed at all, nothing is published.
 * @throws UsageFault, EnvironmentFault, VerificationError or Interrupted; then nothing is published, and the last published snapshot
 * is as it was. What an interrupted run had finished, the next one does not read again.
 */
export async function run(options: RunOptions, context: RunContext): Promise<RunSummary> {
  const plan = planRun(options, await sideFilesOf(options));
  warnOfMissing(plan, context.log);
  warnOfSummary(options.rows.tags, context.log);
  return holdingOutput(options.out, context, (output) =>
    withWorkers(options, context, plan, output, runSteps),
  );
}

/** What reads CSV files is loaded where there are some. */
async function sideFilesOf({ sideTables }: RunOptions): Promise<SideFile[]> {
  if (sideTables.length === 0) return [];
  return (await import('../stages/side/side-file.js')).inspectSideTables(sideTables);
}

/** The steps of a run that has its output folder and its workers. */
async function runSteps(run: RunUnderWay): Promise<RunSummary> {
  const { options, context, output, plan } = run;
  const before = output.current()?.manifest ?? null;
  assertTreesThere(options, plan, before);
  const written = await writeRanges(run, loadAhead);
  if (written === null) {
    output.discard();
    run.contentCheck.save(context.log);
    prune(output, options.keep, context.log);
    return unchangedSummary(run, output.current()!);
  }
  const { finishTables, sealSnapshot } = await loadLastSteps();
  const finished = await finishTables(run, written);
  const counts = sumReadCounts(written.ranges);
  assertContentsThere(options, { ...finished, dicomFiles: counts.dicomFiles }, before);
  const manifest = await sealSnapshot(run, written, finished);
  throwIfStopped(context.signal);
  const { folder, doubt } = output.publish(run.runId);
  if (doubt !== null) context.log.warn(`${folder} was published, ${doubt}`);
  run.contentCheck.save(context.log);
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
  const pool = openPool(workers, options, plan.rootIds, context.log);
  const started = context.now();
  try {
    const names = plan.ranges.map(({ range }) => range);
    const contentCheck = new ContentCheck(options.out, names, options.verifyContent);
    const runId = nextRunId(started, options.out, context.log);
    return await use({ options, context, plan, output, pool, contentCheck, started, runId });
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
