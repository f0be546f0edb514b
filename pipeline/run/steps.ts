import type { Logger } from 'pino';
import { Refused } from '../base/fault.js';
import { DuckDb, loadDuckDb } from '../engine/duckdb.js';
import { overLimit, refusalSentence, type Refusal } from '../snapshot/gate/sentence.js';
import type { Manifest } from '../snapshot/manifest.js';
import type { OutputFolder } from '../snapshot/output-folder.js';
import { sumReadCounts } from '../stages/read-counts.js';
import { throwIfStopped } from './interrupted.js';
import { LateDb } from './late-db.js';
import { assertContentsThere, assertTreesThere } from './trees.js';
import { publishedSummary, unchangedSummary, type RunSummary } from './summary.js';
import type { RunUnderWay, WrittenRanges } from './under-way.js';
import { writeRanges } from './write-ranges.js';

/**
 * The steps of a run that has its output folder and its workers, wherever its ranges come from.
 * @throws as `run`
 */
export async function runSteps(run: RunUnderWay): Promise<RunSummary> {
  const { options, context, output, plan } = run;
  const before = output.current()?.manifest ?? null;
  // Where tasks read the trees, the machine that publishes need not see them.
  if (run.sharedBy === null) assertTreesThere(options, plan, before);
  const built = await buildSnapshot(run, before);
  if (built === null) return end(run, unchangedSummary(run, output.current()!));
  const { manifest, gate } = built;
  run.recorder.hasBuilt(manifest);
  throwIfStopped(context.signal);
  if (overLimit(gate.report).length > 0) throw await refuse(run, gate);
  const { folder, doubt } = await output.publish(run.runId);
  if (doubt !== null) context.log.warn(`${folder} was published, ${doubt}`);
  return end(run, publishedSummary({ manifest, folder }));
}

/** A snapshot that is complete, and has no name yet. */
interface Built {
  readonly manifest: Manifest;
  readonly gate: Refusal;
}

/**
 * Writes and checks the snapshot, up to its checksums; null, and nothing is left, when nothing changed.
 * @param before of the current snapshot
 */
async function buildSnapshot(run: RunUnderWay, before: Manifest | null): Promise<Built | null> {
  const { options, output, context } = run;
  const lateDb = new LateDb(() => DuckDb.openSmall(output.work, context.signal));
  try {
    const written = await writeRanges(run, () => {
      loadAhead(options.report);
      lateDb.giveBackFreed();
    });
    if (written === null) {
      void run.pool.close();
      output.discard();
      return null;
    }
    return await completeSnapshot(await lateDb.take(), run, written, before);
  } finally {
    await lateDb.close();
  }
}

async function completeSnapshot(
  db: DuckDb,
  run: RunUnderWay,
  written: WrittenRanges,
  before: Manifest | null,
): Promise<Built> {
  const { finishTables, holdAgainstCurrent, sealSnapshot } = await loadLastSteps();
  const finished = await finishTables(db, run, written);
  const counts = sumReadCounts(written.ranges);
  assertContentsThere(run.options, { ...finished, dicomFiles: counts.dicomFiles }, before);
  const gate = await holdAgainstCurrent(run, written, finished);
  const manifest = await sealSnapshot(db, run, written, finished, gate.report);
  return { manifest, gate };
}

/** What is done whether there was something to publish or not. */
function end({ options, context, output, recorder, contentCheck }: RunUnderWay, summary: RunSummary) {
  recorder.ended(summary);
  contentCheck.save(context.log);
  prune(output, options.keep, context.log);
  return summary;
}

/** Keeps the snapshot, apart from those that are published. */
async function refuse({ output, runId }: RunUnderWay, gate: Refusal): Promise<Refused> {
  await output.refuse(runId);
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
function loadAhead(withReport: boolean): void {
  const pen = withReport ? import('../report/charts/pen.js').then(({ Pen }) => Pen.load()) : null;
  const rows = import('../stages/write/parquet-rows.js');
  Promise.all([loadLastSteps(), loadDuckDb(), rows, pen]).catch(() => undefined);
}

/** What was published is published, whether old snapshots can be removed or not. */
function prune(output: OutputFolder, keep: number, log: Logger): void {
  try {
    output.prune(keep);
  } catch (error) {
    log.warn(`old snapshots could not be removed: ${(error as Error).message}`);
  }
}
