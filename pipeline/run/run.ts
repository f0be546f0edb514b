import type { Logger } from 'pino';
import { Refused } from '../base/fault.js';
import { loadDuckDb } from '../engine/duckdb.js';
import { overLimit, refusalSentence, type Refusal } from '../snapshot/gate/sentence.js';
import type { OutputFolder } from '../snapshot/output-folder.js';
import { sumReadCounts } from '../stages/read-counts.js';
import type { SideFile } from '../stages/side/side-file.js';
import { ContentCheck } from './content-check.js';
import type { RunContext } from './context.js';
import { logEvent } from './events.js';
import { holdingOutput } from './holding.js';
import { throwIfStopped } from './interrupted.js';
import type { RunOptions } from './options.js';
import { planRun, type RunPlan } from './plan.js';
import { RunRecorder, type RecordOptions } from './recorder.js';
import { nextRunId } from './run-id.js';
import { assertContentsThere, assertTreesThere } from './trees.js';
import { publishedSummary, unchangedSummary, type RunSummary } from './summary.js';
import type { RunUnderWay } from './under-way.js';
import { softwareVersion } from './version.js';
import { warnOfMissing, warnOfSummary } from './warnings.js';
import { openPool } from './workers.js';
import { writeRanges } from './write-ranges.js';

/**
 * Runs the pipeline. Ranges of clients in which nothing changed since the current snapshot are carried over; where nothing
 * changed at all, nothing is published.
 * @throws UsageFault, EnvironmentFault, VerificationError, Refused or Interrupted; then nothing is published, and the last
 * published snapshot is as it was. What an interrupted run had finished, the next one does not read again.
 */
export async function run(options: RunOptions, context: RunContext): Promise<RunSummary> {
  const recorder = new RunRecorder(options, context);
  const failed = (error: unknown) => {
    recorder.failed(error);
  };
  try {
    logStarted(options, context);
    const plan = planRun(options, await sideFilesOf(options));
    logPlanned(plan, context);
    warnOfMissing(plan, context.log);
    warnOfSummary(options.rows.tags, context.log);
    const use = (output: OutputFolder) => withWorkers({ options, context, plan, output, recorder }, runSteps);
    return await holdingOutput(options.out, context, use, failed);
  } catch (error) {
    failed(error);
    throw error;
  }
}

/** Writes the record of a run that could not even begin. */
export function recordFailure(options: RecordOptions, context: RunContext, error: unknown): void {
  new RunRecorder(options, context).failed(error);
}

function logStarted({ roots, out, workers }: RunOptions, context: RunContext): void {
  const version = softwareVersion();
  logEvent(context, 'started', { version, roots, out, workers }, `omidb-etl ${version} reads ${roots.data}`);
}

function logPlanned({ clients, ranges, inTrees }: RunPlan, context: RunContext): void {
  const fields = { clients: clients.length, ranges: ranges.length, client_folders: inTrees };
  logEvent(context, 'planned', fields, `${clients.length} clients in ${ranges.length} ranges`);
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
    const summary = unchangedSummary(run, output.current()!);
    run.recorder.ended(summary);
    run.contentCheck.save(context.log);
    prune(output, options.keep, context.log);
    return summary;
  }
  const { finishTables, holdAgainstCurrent, sealSnapshot } = await loadLastSteps();
  const finished = await finishTables(run, written);
  const counts = sumReadCounts(written.ranges);
  assertContentsThere(options, { ...finished, dicomFiles: counts.dicomFiles }, before);
  const gate = await holdAgainstCurrent(run, written, finished);
  const manifest = await sealSnapshot(run, written, finished, gate.report);
  run.recorder.hasBuilt(manifest);
  throwIfStopped(context.signal);
  if (overLimit(gate.report).length > 0) throw refuse(run, gate);
  const { folder, doubt } = output.publish(run.runId);
  if (doubt !== null) context.log.warn(`${folder} was published, ${doubt}`);
  const summary = publishedSummary({ manifest, folder });
  run.recorder.ended(summary);
  run.contentCheck.save(context.log);
  prune(output, options.keep, context.log);
  return summary;
}

/** Keeps the snapshot, apart from those that are published. */
function refuse({ output, runId }: RunUnderWay, gate: Refusal): Refused {
  output.refuse(runId);
  return new Refused(refusalSentence(gate, runId, output.path));
}

/** To load what a run without changes does not need takes longer than such a run. */
async function loadLastSteps() {
  const [{ finishTables }, { holdAgainstCurrent }, { sealSnapshot }] = await Promise.all([
    import('./finish.js'),
    import('./hold-against.js'),
    import('./seal.js'),
  ]);
  return { finishTables, holdAgainstCurrent, sealSnapshot };
}

/** While the workers read. What cannot be loaded is told where it is used. */
function loadAhead(): void {
  Promise.all([loadLastSteps(), loadDuckDb()]).catch(() => undefined);
}

/** To start a worker takes as long as to read some clients: fewer than these for each are not worth it. */
const CLIENTS_PER_WORKER = 8;

async function withWorkers<T>(
  run: Omit<RunUnderWay, 'pool' | 'contentCheck' | 'started' | 'runId'>,
  use: (run: RunUnderWay) => Promise<T>,
): Promise<T> {
  const { options, context, plan, recorder } = run;
  const workers = Math.min(options.workers, Math.ceil(plan.clients.length / CLIENTS_PER_WORKER));
  const pool = openPool(workers, options, plan.rootIds, context.log);
  const started = context.now();
  try {
    const names = plan.ranges.map(({ range }) => range);
    const contentCheck = new ContentCheck(options.out, names, options.verifyContent);
    const runId = nextRunId(started, options.out, context.log);
    recorder.begin(runId);
    return await use({ ...run, pool, contentCheck, started, runId });
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
