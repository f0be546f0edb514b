import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { loadTagSelection, type TagSelection } from '../dicom/tag-selection.js';
import { DuckDb } from '../duckdb.js';
import { EnvironmentFault } from '../omi-db/folders.js';
import { listClients, planRanges, type ClientEntry } from '../stages/discover.js';
import { codeRows } from '../stages/flatten/codes.js';
import { publish, writeJson } from '../stages/publish.js';
import { findDuplicateImages } from '../stages/reconcile/duplicates.js';
import { VerificationError, verify, type WrittenTable } from '../stages/verify.js';
import { checkStreamed } from '../stages/write/arrow-check.js';
import { ARROW_FOLDER, arrowPath, writeArrowPart } from '../stages/write/arrow.js';
import { TableBuilder } from '../stages/write/columns.js';
import type { MismatchCounts } from '../stages/write/mismatches.js';
import { encodeParquet } from '../stages/write/parquet.js';
import { writeFileWhole, type PartReceipt, type WrittenPart } from '../stages/write/part-file.js';
import type { Table } from '../../schemas/column.js';
import { describeSchema } from '../../schemas/describe.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { codes } from '../../schemas/tables/codes.js';
import { RESERVED_IMAGE_COLUMNS } from '../../schemas/tables/images.js';
import { allTables } from '../../schemas/tables/index.js';
import { mismatches as mismatchTable } from '../../schemas/tables/mismatches.js';
import { configurationFingerprint, snapshotFingerprint } from './fingerprint.js';
import { buildManifest, type Manifest } from './manifest.js';
import { writeMismatches } from './mismatch-merge.js';
import type { RunOptions } from './options.js';
import { asEnvironmentFault, openOutput, type OutputFolder } from './output-folder.js';
import type { RangeReceipt } from './receipts.js';
import { WorkerPool } from './pool.js';
import type { Progress } from './progress.js';
import { SnapshotWriter } from './snapshot-writer.js';
import type { WorkerSettings } from './tasks.js';

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
  /** What was read and what was carried over, and why. */
  readonly work: Manifest['work'];
  /** False when nothing had changed, and nothing was published: the rest is of the current snapshot. */
  readonly changed: boolean;
}

/** The user stopped the run. */
export class Interrupted extends Error {}

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
  const started = context.now();
  const runId = makeRunId(started);
  const written = await writeTables(options, context, plan, output);
  if (written === 'unchanged') {
    output.discard();
    prune(output, options.keep, context.log);
    const { manifest, folder } = output.current()!;
    const seconds = (context.now().getTime() - started.getTime()) / 1000;
    return { ...summaryOf(manifest, folder), seconds, changed: false };
  }
  const { receipts, counts, reasons } = written;
  const { tables, mismatches, lines } = await finishTables(options, plan, receipts, output, context.signal);
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
    tables,
    mismatches,
    mismatchLines: lines,
  });
  writeJson(output.building, 'manifest.json', manifest);
  throwIfStopped(context.signal);
  throwIfLost(output, options.out);
  const snapshot = publish(output.building, options.out, runId);
  prune(output, options.keep, context.log);
  return { ...summaryOf(manifest, snapshot), changed: true };
}

/** What was published is published, whether old snapshots can be removed or not. */
function prune(output: OutputFolder, keep: number, log: Logger): void {
  try {
    output.prune(keep);
  } catch (error) {
    log.warn(`old snapshots could not be removed: ${(error as Error).message}`);
  }
}

function summaryOf(manifest: Manifest, snapshot: string): Omit<RunSummary, 'changed'> {
  return {
    runId: manifest.run_id,
    snapshot,
    seconds: manifest.seconds,
    clients: manifest.inputs.clients,
    images: manifest.inputs.images,
    tables: Object.entries(manifest.tables).map(([name, { rows }]) => ({ name, rows })),
    mismatches: manifest.mismatches,
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
  const clients = listClients(roots, { include: includeClients, exclude: excludeClients }, report);
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
  { log, progress, signal }: RunContext,
  plan: RunPlan,
  output: OutputFolder,
) {
  const settings: WorkerSettings = {
    roots: options.roots,
    selection: plan.selection,
    months: options.months,
  };
  const ranges = planRanges(plan.clients);
  const previous = output.current();
  output.keepOnly(new Set(ranges.map(({ range }) => range)));
  // An interrupted run may have been told another format.
  if (options.format !== 'arrow')
    rmSync(join(output.building, ARROW_FOLDER), { recursive: true, force: true });
  const pool = openPool(options.workers, settings, log);
  const writer = new SnapshotWriter({
    pool,
    workers: options.workers,
    building: output.building,
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
    const receipts = await Promise.race([writer.write(ranges), interrupted]);
    return { receipts, counts: writer.counts, reasons: writer.reasons };
  } finally {
    progress.stop();
    await pool.close();
  }
}

export function openPool(workers: number, settings: WorkerSettings, log: Logger): WorkerPool {
  return new WorkerPool(new URL('./worker.js', import.meta.url), workers, settings, (reason) => {
    log.warn(`a worker thread died and is replaced: ${reason}`);
  });
}

const stopped = () => new Interrupted('stopped; nothing was published');

function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw stopped();
}

/** Rejects when the user stops the run. */
export function interruption(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => {
      reject(stopped());
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** Writes what is known only when all ranges are written, then has it all verified by an independent reader. */
async function finishTables(
  { format }: RunOptions,
  plan: RunPlan,
  ranges: readonly RangeReceipt[],
  output: OutputFolder,
  signal: AbortSignal,
) {
  const db = await DuckDb.open({ memory: '256MB', spill: output.work });
  const interrupt = () => {
    db.interrupt();
  };
  signal.addEventListener('abort', interrupt);
  try {
    throwIfStopped(signal);
    const duplicates = await findDuplicateImages(db, output.building, partsOf('images', ranges));
    const arrow = format === 'arrow';
    const manifest = await writeMismatches(output.building, arrow, plan.database, ranges, duplicates, signal);
    const own = new Map<string, WrittenPart>([
      [codes.name, writeCodes(output.building, arrow)],
      [mismatchTable.name, manifest.table],
    ]);
    const tables = plan.tables.map((table) => writtenTable(table, own.get(table.name), ranges, arrow));
    throwIfStopped(signal);
    await verify(db, output.building, tables);
    if (manifest.table.arrow !== null) await checkStreamed(output.building, manifest.table.arrow);
    return { tables, mismatches: manifest.counts, lines: manifest.lines };
  } finally {
    signal.removeEventListener('abort', interrupt);
    db.close();
  }
}

function partsOf(table: string, ranges: readonly RangeReceipt[]): PartReceipt[] {
  return ranges.map(({ parts }) => parts[table]!);
}

/** @param own the table's only part, where it is not one of those that each range has a part of */
function writtenTable(
  table: Table,
  own: WrittenPart | undefined,
  ranges: readonly RangeReceipt[],
  arrow: boolean,
): WrittenTable {
  const parts = own === undefined ? partsOf(table.name, ranges) : [own.parquet];
  const arrowParts = own === undefined ? ranges.map((range) => range.arrow?.[table.name]) : [own.arrow];
  return { table, parts, arrowParts: arrow ? (arrowParts as PartReceipt[]) : null };
}

/** The code lists are the same for every database: one small part. */
function writeCodes(snapshot: string, arrow: boolean): WrittenPart {
  const builder = new TableBuilder(codes);
  const rows = codeRows();
  for (const row of rows) builder.append(row);
  const path = 'tables/codes/codes.parquet';
  const content = encodeParquet(codes, [builder.finish()]);
  return {
    parquet: { path, rows: rows.length, ...writeFileWhole(join(snapshot, path), content) },
    arrow: arrow
      ? writeArrowPart(snapshot, arrowPath(codes.name, 'codes'), codes, content, rows.length)
      : null,
  };
}
