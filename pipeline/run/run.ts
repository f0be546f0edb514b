import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { loadTagSelection } from '../dicom/tag-selection.js';
import { DuckDb } from '../duckdb.js';
import { EnvironmentFault } from '../omi-db/folders.js';
import { listClients, planRanges, type ClientEntry } from '../stages/discover.js';
import { codeRows } from '../stages/flatten/codes.js';
import { publish, writeJson } from '../stages/publish.js';
import { findDuplicateImages } from '../stages/reconcile/duplicates.js';
import { verify, type WrittenTable } from '../stages/verify.js';
import { TableBuilder } from '../stages/write/columns.js';
import type { MismatchCounts } from '../stages/write/mismatches.js';
import { encodeParquet } from '../stages/write/parquet.js';
import { writeFileWhole, type PartReceipt } from '../stages/write/part-file.js';
import type { Table } from '../../schemas/column.js';
import { describeSchema } from '../../schemas/describe.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { codes } from '../../schemas/tables/codes.js';
import { RESERVED_IMAGE_COLUMNS } from '../../schemas/tables/images.js';
import { allTables } from '../../schemas/tables/index.js';
import { mismatches as mismatchTable } from '../../schemas/tables/mismatches.js';
import { buildManifest, rowsOf } from './manifest.js';
import { writeMismatches } from './mismatch-merge.js';
import type { RunOptions } from './options.js';
import { asEnvironmentFault, openBuilding, type Building } from './output-folder.js';
import { WorkerPool } from './pool.js';
import type { Progress } from './progress.js';
import { SnapshotWriter, type WrittenRange } from './snapshot-writer.js';
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
}

/** The user stopped the run. */
export class Interrupted extends Error {}

/**
 * Runs the pipeline: discover, extract, flatten, reconcile, write, verify, publish.
 * @throws EnvironmentFault, TagSelectionError, VerificationError or Interrupted; then nothing is published, and the last
 * published snapshot is as it was.
 */
export async function run(options: RunOptions, context: RunContext): Promise<RunSummary> {
  const started = context.now();
  const runId = makeRunId(started);
  const plan = planRun(options);
  const building = openBuilding(options.out, runId);
  try {
    const written = await writeTables(options, context, plan, building);
    const finish = finishTables(plan, written.ranges, building, context.signal);
    const { tables, mismatches, lines } = await finish;
    const finished = context.now();
    writeJson(building.snapshot, 'schema.json', describeSchema(plan.tables));
    const manifest = buildManifest({
      runId,
      started,
      finished,
      options,
      tagSelectionId: plan.tagSelectionId,
      clients: plan.clients.length,
      clientsNotFound: plan.clientsNotFound,
      ranges: written.ranges.length,
      counts: written.counts,
      tables,
      mismatches,
      mismatchLines: lines,
    });
    writeJson(building.snapshot, 'manifest.json', manifest);
    throwIfStopped(context.signal);
    return {
      runId,
      snapshot: publish(building.snapshot, options.out, runId),
      seconds: (finished.getTime() - started.getTime()) / 1000,
      clients: plan.clients.length,
      images: rowsOf(tables, 'images'),
      tables: tables.map(({ table }) => ({ name: table.name, rows: rowsOf(tables, table.name) })),
      mismatches,
    };
  } catch (error) {
    // Whatever broke because the run was stopped is not worth telling.
    throwIfStopped(context.signal);
    throw asEnvironmentFault(error, options.out);
  } finally {
    building.discard();
  }
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
  readonly tagSelectionId: string;
}

function planRun(options: RunOptions): RunPlan {
  const selection = loadTagSelection(options.tagsFile ?? undefined, RESERVED_IMAGE_COLUMNS);
  const database: Mismatch[] = [];
  const clients = listRunClients(options, (mismatch) => database.push(mismatch));
  const found = new Set(clients.map(({ id }) => id));
  return {
    clients,
    clientsNotFound: [...(options.includeClients ?? [])].filter((id) => !found.has(id)),
    database,
    tables: allTables(selection.tags.map(({ column }) => column)),
    tagSelectionId: selection.id,
  };
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
  if (clients.length === 0) {
    const filtered = includeClients !== null || excludeClients.size > 0;
    throw new EnvironmentFault(
      filtered
        ? `${roots.data} holds none of the clients asked for: check the clients files`
        : `${roots.data} holds no client folders (like optm1): check the path`,
    );
  }
  return clients;
}

async function writeTables(
  options: RunOptions,
  { log, progress, signal }: RunContext,
  plan: RunPlan,
  building: Building,
) {
  const settings: WorkerSettings = {
    roots: options.roots,
    tagsFile: options.tagsFile,
    months: options.months,
  };
  const pool = openPool(options.workers, settings, log);
  const writer = new SnapshotWriter(pool, options.workers, building.snapshot, building.work, progress);
  progress.start(plan.clients.length);
  try {
    const ranges = await Promise.race([writer.write(planRanges(plan.clients)), interruption(signal)]);
    return { ranges, counts: writer.counts };
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
  plan: RunPlan,
  ranges: readonly WrittenRange[],
  building: Building,
  signal: AbortSignal,
) {
  const db = await DuckDb.open({ memory: '256MB', spill: building.work });
  const interrupt = () => {
    db.interrupt();
  };
  signal.addEventListener('abort', interrupt);
  try {
    throwIfStopped(signal);
    const duplicates = await findDuplicateImages(db, building.snapshot, partsOf('images', ranges));
    const manifest = await writeMismatches(building.snapshot, plan.database, ranges, duplicates);
    const own = new Map<string, PartReceipt[]>([
      [codes.name, [writeCodes(building.snapshot)]],
      [mismatchTable.name, [manifest.table]],
    ]);
    const tables: WrittenTable[] = plan.tables.map((table) => ({
      table,
      parts: own.get(table.name) ?? partsOf(table.name, ranges),
    }));
    throwIfStopped(signal);
    await verify(db, building.snapshot, tables);
    return { tables, mismatches: manifest.counts, lines: manifest.lines };
  } finally {
    signal.removeEventListener('abort', interrupt);
    db.close();
  }
}

function partsOf(table: string, ranges: readonly WrittenRange[]): PartReceipt[] {
  return ranges.map(({ parts }) => parts.get(table)!);
}

/** The code lists are the same for every database: one small part. */
function writeCodes(snapshot: string): PartReceipt {
  const builder = new TableBuilder(codes);
  const rows = codeRows();
  for (const row of rows) builder.append(row);
  const path = 'tables/codes/codes.parquet';
  return {
    path,
    rows: rows.length,
    ...writeFileWhole(join(snapshot, path), encodeParquet(codes, [builder.finish()])),
  };
}
