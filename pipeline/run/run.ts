import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { loadDuckDb } from '../duckdb.js';
import { loadTagSelection, type TagSelection } from '../dicom/tag-selection.js';
import { EnvironmentFault, VerificationError } from '../base/fault.js';
import { listClients, planRanges, type ClientEntry } from '../stages/discover.js';
import { LocalSource } from '../source/local-source.js';
import { writeChecksums } from '../stages/checksums.js';
import { publish, writeJson } from '../stages/publish.js';
import { ARROW_FOLDER } from '../stages/write/arrow-path.js';
import type { MismatchCounts } from '../stages/write/mismatches.js';
import type { WrittenPart } from '../stages/write/part-file.js';
import type { Table } from '../../schemas/column.js';
import { describeSchema } from '../../schemas/describe.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { RESERVED_IMAGE_COLUMNS } from '../../schemas/tables/images.js';
import { allTables } from '../../schemas/tables/index.js';
import { checkBudgets, type BudgetResult } from './budgets.js';
import { configurationFingerprint, snapshotFingerprint } from './fingerprint.js';
import { interruption, throwIfStopped } from './interrupted.js';
import { buildManifest, type Manifest } from './manifest.js';
import type { RunOptions } from './options.js';
import { asEnvironmentFault, openOutput, type OutputFolder } from './output-folder.js';
import { WorkerPool } from './pool.js';
import type { Progress } from './progress.js';
import { SnapshotWriter } from './snapshot-writer.js';
import type { CodesTask, WorkerSettings } from './tasks.js';

/** What a run uses of the world around it. */
export interface RunContext {
  readonly log: Logger;
  readonly progress: Progress;
  readonly now: () => Date;
  /** Aborted when the user wants the run to stop. */
  readonly signal: AbortSignal;
}

export interface RunSummary {
  readonly runId: string;
  readonly snapshot: string;
  readonly seconds: number;
  readonly clients: number;
  readonly images: number;
  readonly tables: readonly { name: string; rows: number }[];
  readonly mismatches: MismatchCounts;
  /** New and resolved since the snapshot before; null when there is none. */
  readonly history: { readonly since: string; readonly new: number; readonly resolved: number } | null;
  readonly budgets: readonly BudgetResult[];
  /** What was read and what was carried over, and why. */
  readonly work: Manifest['work'];
  /** False when nothing had changed, and nothing was published: the rest is of the current snapshot. */
  readonly changed: boolean;
}

const REMOVAL_MS = 300;
/** To start a worker takes as long as to read some clients: fewer than these for each are not worth it. */
const CLIENTS_PER_WORKER = 8;

/**
 * Runs the pipeline: discover, extract, flatten, reconcile, write, verify, publish. Ranges of clients in which nothing
 * changed since the current snapshot are carried over; where nothing changed at all, nothing is published.
 * @throws EnvironmentFault, TagSelectionError, VerificationError or Interrupted; then nothing is published, and the last
 * published snapshot is as it was. What an interrupted run had finished, the next one does not read again.
 */
export async function run(options: RunOptions, context: RunContext): Promise<RunSummary> {
  const plan = planRun(options);
  const missing = plan.clientsNotFound.length;
  if (missing > 0)
    context.log.warn(`${missing} clients of the clients file are in no tree; manifest.json lists them`);
  const output = open(options.out, context.now());
  try {
    return await runLocked(options, context, plan, output);
  } catch (error) {
    // Whatever broke because the run was stopped, or its output taken away, is not worth telling.
    throwIfStopped(context.signal);
    // A folder that is being removed loses its files one by one, the lock perhaps last.
    if (error instanceof VerificationError) await sleep(REMOVAL_MS);
    throwIfLost(output, options.out);
    // What a reader could not verify must not be taken up again.
    if (error instanceof VerificationError) output.discard();
    throw asEnvironmentFault(error, options.out);
  } finally {
    output.close();
  }
}

function open(out: string, now: Date): OutputFolder {
  try {
    return openOutput(out, now);
  } catch (error) {
    throw asEnvironmentFault(error, out);
  }
}

function throwIfLost(output: OutputFolder, out: string): void {
  if (output.isHeld()) return;
  throw new EnvironmentFault(
    `${out} was removed or taken over by another run while this one was writing to it: this run published nothing`,
  );
}

async function runLocked(
  options: RunOptions,
  context: RunContext,
  plan: RunPlan,
  output: OutputFolder,
): Promise<RunSummary> {
  const workers = Math.min(options.workers, Math.ceil(plan.clients.length / CLIENTS_PER_WORKER));
  const pool = openPool(workers, workerSettings(options, plan.selection), context.log);
  try {
    return await publishChanges(options, context, plan, output, pool);
  } finally {
    await pool.close();
  }
}

async function publishChanges(
  options: RunOptions,
  context: RunContext,
  plan: RunPlan,
  output: OutputFolder,
  pool: WorkerPool,
): Promise<RunSummary> {
  const started = context.now();
  const runId = makeRunId(started);
  const written = await writeTables(options, context, plan, output, pool);
  if (written === 'unchanged') {
    output.discard();
    prune(output, options.keep, context.log);
    const { manifest, folder } = output.current()!;
    const seconds = (context.now().getTime() - started.getTime()) / 1000;
    const history = { since: manifest.run_id, new: 0, resolved: 0 };
    const { by_kind: byKind } = manifest.mismatches;
    const budgets = checkBudgets(options.budgets, byKind, manifest.inputs);
    return { ...summaryOf(manifest, folder), seconds, history, budgets, changed: false };
  }
  const { receipts, codesPart, counts, reasons } = written;
  const { finishTables, knownHashes } = await loadFinish();
  const finished = await finishTables(
    plan,
    { ranges: receipts, codesPart },
    output,
    { runId, time: started, format: options.format },
    context,
  );
  writeJson(output.building, 'schema.json', describeSchema(plan.tables));
  const manifest = buildManifest({
    runId,
    started,
    finished: context.now(),
    options,
    tagSelectionId: plan.selection.id,
    fingerprint: snapshotFingerprint(receipts, plan.database),
    clients: plan.clients.length,
    clientsNotFound: plan.clientsNotFound,
    receipts,
    counts,
    reasons,
    ...finished,
  });
  writeJson(output.building, 'manifest.json', manifest);
  await writeChecksums(output.building, knownHashes(receipts, finished));
  throwIfStopped(context.signal);
  throwIfLost(output, options.out);
  const snapshot = publish(output.building, options.out, runId);
  prune(output, options.keep, context.log);
  return { ...summaryOf(manifest, snapshot), changed: true };
}

/** What writes Parquet and asks DuckDB takes longer to load than a run without changes takes. */
const loadFinish = () => import('./finish.js');

/** What was published is published, whether old snapshots can be removed or not. */
function prune(output: OutputFolder, keep: number, log: Logger): void {
  try {
    output.prune(keep);
  } catch (error) {
    log.warn(`old snapshots could not be removed: ${(error as Error).message}`);
  }
}

function summaryOf(manifest: Manifest, snapshot: string): Omit<RunSummary, 'changed'> {
  const { since, new: fresh, resolved } = manifest.mismatches;
  return {
    runId: manifest.run_id,
    snapshot,
    seconds: manifest.seconds,
    clients: manifest.inputs.clients,
    images: manifest.inputs.images,
    tables: Object.entries(manifest.tables).map(([name, { rows }]) => ({ name, rows })),
    mismatches: manifest.mismatches,
    history: since === null ? null : { since, new: fresh, resolved },
    budgets: manifest.budgets,
    work: manifest.work,
  };
}

/** `20261123T194312.345Z-3f9a1c`: sorts by time, to the millisecond because short runs follow each other fast. */
function makeRunId(time: Date): string {
  return `${time.toISOString().replace(/[-:]/g, '')}-${randomBytes(3).toString('hex')}`;
}

interface RunPlan {
  readonly clients: readonly ClientEntry[];
  readonly clientsNotFound: readonly string[];
  /** Mismatches of the database as a whole. */
  readonly database: readonly Mismatch[];
  readonly tables: readonly Table[];
  readonly selection: TagSelection;
}

function planRun(options: RunOptions): RunPlan {
  const selection = selectTags(options);
  const database: Mismatch[] = [];
  const clients = listRunClients(options, (mismatch) => database.push(mismatch));
  const found = new Set(clients.map(({ id }) => id));
  return {
    clients,
    clientsNotFound: [...(options.includeClients ?? [])].filter((id) => !found.has(id)),
    database,
    tables: allTables(selection.tags.map(({ column }) => column)),
    selection,
  };
}

/** @throws TagSelectionError */
export function selectTags(options: RunOptions): TagSelection {
  return loadTagSelection(options.tagsFile ?? undefined, RESERVED_IMAGE_COLUMNS);
}

/**
 * The clients that a run is about; what is wrong with the database as a whole is reported.
 * @throws EnvironmentFault when there are none: an empty database is a wrong path or a disk that is not mounted.
 */
export function listRunClients(options: RunOptions, report: (mismatch: Mismatch) => void): ClientEntry[] {
  const { roots, includeClients, excludeClients } = options;
  if (roots.images === null) {
    report({
      kind: 'image_root_absent',
      detail: 'There is no images tree: the run is of the data tree only.',
    });
  }
  const clients = listClients(
    new LocalSource(roots),
    { include: includeClients, exclude: excludeClients },
    report,
  );
  const filtered = includeClients !== null || excludeClients.size > 0;
  // A data tree without any client, beside images, is a disk that is not mounted too.
  if (clients.length === 0 || (!filtered && !clients.some(({ trees }) => trees.includes('data')))) {
    throw new EnvironmentFault(
      filtered
        ? `${roots.data} holds none of the clients asked for: check the clients files`
        : `${roots.data} holds no client folders (like optm1): check the path`,
    );
  }
  return clients;
}

/** Writes the ranges into the snapshot being built, unless nothing changed since the current one. */
async function writeTables(
  options: RunOptions,
  { progress, signal }: RunContext,
  plan: RunPlan,
  output: OutputFolder,
  pool: WorkerPool,
) {
  const ranges = planRanges(plan.clients);
  const previous = output.current();
  output.keepOnly(new Set(ranges.map(({ range }) => range)));
  // An interrupted run may have been told another format.
  if (options.format !== 'arrow')
    rmSync(join(output.building, ARROW_FOLDER), { recursive: true, force: true });
  const writer = new SnapshotWriter({
    pool,
    workers: pool.size,
    building: output.building,
    work: output.work,
    previous: previous?.folder ?? null,
    configuration: configurationFingerprint(options, plan.tables, plan.selection.id),
    full: options.full,
    arrow: options.format === 'arrow',
    progress,
  });
  progress.start(plan.clients.length);
  try {
    const interrupted = interruption(signal);
    const unchanged = await Promise.race([writer.findUnchanged(ranges), interrupted]);
    if (
      unchanged !== null &&
      snapshotFingerprint(unchanged, plan.database) === previous?.manifest.fingerprint
    ) {
      return 'unchanged';
    }
    // While the workers read. What cannot be loaded is told where it is used.
    Promise.all([loadFinish(), loadDuckDb()]).catch(() => undefined);
    const codes: CodesTask = { type: 'codes', snapshot: output.building, arrow: options.format === 'arrow' };
    const all = Promise.all([writer.write(ranges), pool.run(codes) as Promise<WrittenPart>]);
    const [receipts, codesPart] = await Promise.race([all, interrupted]);
    return { receipts, codesPart, counts: writer.counts, reasons: writer.reasons };
  } finally {
    progress.stop();
    // Its threads end while the rest is done.
    void pool.close();
  }
}

export function workerSettings({ roots, months }: RunOptions, selection: TagSelection): WorkerSettings {
  return { roots, selection, months };
}

export function openPool(workers: number, settings: WorkerSettings, log: Logger): WorkerPool {
  return new WorkerPool(new URL('./worker.js', import.meta.url), workers, settings, (reason) => {
    log.warn(`a worker thread died and is replaced: ${reason}`);
  });
}
