import { rmSync } from 'node:fs';
import { join } from 'node:path';
import PQueue from 'p-queue';
import type { ClientEntry, RangePlan } from '../stages/discover.js';
import { addReadCounts, noReadCounts } from '../stages/read-counts.js';
import { notAsWritten } from '../stages/verify.js';
import { arrowPath } from '../stages/write/arrow-path.js';
import { writeFileWhole, type PartReceipt, type WrittenPart } from '../stages/write/part-file.js';
import { rangeFingerprint } from './fingerprint.js';
import type { WorkerPool } from './pool.js';
import type { Progress } from './progress.js';
import {
  areThere,
  carryRange,
  listReceipts,
  mismatchPath,
  readReceipt,
  writeReceipt,
  type RangeReceipt,
} from './receipts.js';
import type { CheckTask, EncodeTask, ReadResult, ReadTask, StampTask } from './tasks.js';

/** Tasks that the clients of a range are read in, so that all workers are busy even in a small range. */
const TASKS_PER_RANGE = 16;
/** Clients of one task: fewer cost more than they read, more are a batch that takes memory. */
const LEAST_CLIENTS = 8;
const MOST_CLIENTS = 16;

/** Parts wait for workers before reads do: their rows take room on the disk until they are written. */
const ENCODE_FIRST = 1;

/** Why a range was read, or was not. */
export const REASONS = {
  first: 'read: no earlier snapshot has it',
  full: 'read: --full',
  changed: 'read: files or options changed',
  damaged: 'read: its files in the earlier snapshot are damaged',
  carried: 'not read: unchanged since the current snapshot',
  resumed: 'not read: an interrupted run had finished it',
} as const;
export type Reason = keyof typeof REASONS;

export interface WriterSettings {
  readonly pool: WorkerPool;
  readonly workers: number;
  /** Folder of the snapshot that is being built; may hold finished ranges of an interrupted run. */
  readonly building: string;
  /** For the rows of the ranges under way. */
  readonly work: string;
  /** The current snapshot, whose ranges are carried over where nothing changed; null to read everything. */
  readonly previous: string | null;
  /** What every row depends on beside the files. */
  readonly configuration: string;
  readonly full: boolean;
  /** Whether Arrow files are written beside the Parquet parts. */
  readonly arrow: boolean;
  readonly progress: Progress;
}

/** Puts the ranges through the workers: read in small tasks, then one part file for each table and range. */
export class SnapshotWriter {
  /** What was read in this run; carried ranges count nothing. */
  readonly counts = noReadCounts();
  readonly reasons: Partial<Record<Reason, number>> = {};
  private readonly queue: PQueue;
  private readonly fingerprints = new Map<string, Promise<string>>();

  constructor(private readonly settings: WriterSettings) {
    this.queue = new PQueue({ concurrency: settings.workers });
  }

  /**
   * Writes all ranges, in order of the list. Bounded: a range is begun only when the workers are short of tasks, so that
   * memory does not grow with the database.
   * @throws the first error of any task; what waits is dropped.
   */
  async write(ranges: readonly RangePlan[]): Promise<RangeReceipt[]> {
    const written: Promise<RangeReceipt>[] = [];
    const failure = new Failure();
    try {
      for (const plan of ranges) {
        await Promise.race([this.queue.onSizeLessThan(this.settings.workers), failure.promise]);
        written.push(failure.watch(this.writeRange(plan)));
      }
      return await Promise.race([Promise.all(written), failure.promise]);
    } catch (error) {
      this.queue.clear();
      throw error;
    }
  }

  /**
   * The receipts of the previous snapshot when nothing at all changed since: then there is nothing to write. Null as soon
   * as a range is not as it was.
   */
  async findUnchanged(ranges: readonly RangePlan[]): Promise<RangeReceipt[] | null> {
    const { previous, full, workers } = this.settings;
    if (previous === null || full || listReceipts(previous).length !== ranges.length) return null;
    const checks: Promise<RangeReceipt | null>[] = [];
    const found = { change: false };
    for (const plan of ranges) {
      await this.queue.onSizeLessThan(workers);
      if (found.change) break;
      const check = this.unchangedReceipt(previous, plan);
      checks.push(check);
      void check.then((receipt) => {
        found.change ||= receipt === null;
      }, noop);
    }
    const receipts = await Promise.all(checks);
    if (receipts.includes(null) || receipts.length < ranges.length) return null;
    return receipts as RangeReceipt[];
  }

  private async unchangedReceipt(previous: string, plan: RangePlan): Promise<RangeReceipt | null> {
    const receipt = readReceipt(previous, plan.range);
    if (receipt === null || !areThere(previous, receipt)) return null;
    return receipt.fingerprint === (await this.fingerprint(plan)) ? receipt : null;
  }

  private async writeRange(plan: RangePlan): Promise<RangeReceipt> {
    const { building, previous, full } = this.settings;
    const resumed = readReceipt(building, plan.range);
    const earlier = previous === null || full ? null : readReceipt(previous, plan.range);
    if (resumed === null && earlier === null) return this.readRange(plan, full ? 'full' : 'first');
    const fingerprint = await this.fingerprint(plan);
    if (resumed?.fingerprint === fingerprint && (await this.isIntact(building, resumed))) {
      return this.done(resumed, 'resumed', true);
    }
    if (earlier?.fingerprint !== fingerprint) return this.readRange(plan, 'changed');
    if (!(await this.isIntact(previous!, earlier))) return this.readRange(plan, 'damaged');
    carryRange(previous!, building, earlier);
    return this.done(earlier, 'carried', true);
  }

  /** By a worker: the main thread must go on listening for signals. */
  private async findDamage(snapshot: string, receipt: RangeReceipt): Promise<string | null> {
    const task: CheckTask = { type: 'check', snapshot, receipt };
    return (await this.queue.add(() => this.settings.pool.run(task))) as string | null;
  }

  private async isIntact(snapshot: string, receipt: RangeReceipt): Promise<boolean> {
    return (await this.findDamage(snapshot, receipt)) === null;
  }

  /** Parts that are carried or taken up were compared with their checksums; new ones are too. */
  private async readBack(building: string, receipt: RangeReceipt): Promise<void> {
    const damaged = await this.findDamage(building, receipt);
    if (damaged !== null) throw notAsWritten(damaged);
  }

  /** What the range's rows depend on now, by a walk over its folders; walked once in a run. */
  private fingerprint(plan: RangePlan): Promise<string> {
    const known = this.fingerprints.get(plan.range);
    if (known !== undefined) return known;
    const stamps = inTasks(plan.clients).map((clients) => {
      const task: StampTask = { type: 'stamp', clients };
      return this.queue.add(() => this.settings.pool.run(task)) as Promise<string>;
    });
    const fingerprint = Promise.all(stamps).then((done) =>
      rangeFingerprint(this.settings.configuration, done),
    );
    this.fingerprints.set(plan.range, fingerprint);
    return fingerprint;
  }

  private async readRange(plan: RangePlan, reason: Reason): Promise<RangeReceipt> {
    const { building, configuration, arrow, work } = this.settings;
    const tasks = inTasks(plan.clients).map((clients, i): ReadTask => {
      return { type: 'read', clients, batchFile: join(work, `${plan.range}-${i}.batches`) };
    });
    const results = await Promise.all(tasks.map((task) => this.read(task)));
    const tables = Object.keys(results[0]!.batches);
    const parts = await Promise.all(tables.map((table) => this.writePart(plan.range, table, results)));
    for (const { batchFile } of tasks) rmSync(batchFile);
    const counts = noReadCounts();
    for (const result of results) addReadCounts(counts, result.counts);
    const receipt: RangeReceipt = {
      range: plan.range,
      fingerprint: rangeFingerprint(
        configuration,
        results.map(({ stamp }) => stamp),
      ),
      clients: plan.clients.length,
      parts: Object.fromEntries(tables.map((table, i) => [table, parts[i]!.parquet])),
      ...(arrow ? { arrow: Object.fromEntries(tables.map((table, i) => [table, parts[i]!.arrow!])) } : {}),
      mismatches: writeRangeMismatches(building, plan.range, results),
      counts,
    };
    writeReceipt(building, receipt);
    await this.readBack(building, receipt);
    return this.done(receipt, reason, false);
  }

  private async read(task: ReadTask): Promise<ReadResult> {
    const result = (await this.queue.add(() => this.settings.pool.run(task))) as ReadResult;
    addReadCounts(this.counts, result.counts);
    this.settings.progress.advance(task.clients.length, result.rows['images'] ?? 0);
    return result;
  }

  private async writePart(
    range: string,
    table: string,
    results: readonly ReadResult[],
  ): Promise<WrittenPart> {
    const task: EncodeTask = {
      type: 'encode',
      table,
      batches: results.map((result) => result.batches[table]!),
      snapshot: this.settings.building,
      path: `tables/${table}/${range}.parquet`,
      arrowPath: this.settings.arrow ? arrowPath(table, range) : null,
      rows: results.reduce((sum, result) => sum + (result.rows[table] ?? 0), 0),
    };
    return (await this.queue.add(() => this.settings.pool.run(task), {
      priority: ENCODE_FIRST,
    })) as WrittenPart;
  }

  private done(receipt: RangeReceipt, reason: Reason, report: boolean): RangeReceipt {
    this.reasons[reason] = (this.reasons[reason] ?? 0) + 1;
    if (report) this.settings.progress.advance(receipt.clients, receipt.parts['images']?.rows ?? 0);
    return receipt;
  }
}

function writeRangeMismatches(building: string, range: string, results: readonly ReadResult[]): PartReceipt {
  const lines = results.flatMap((result) => result.mismatches);
  const path = mismatchPath(range);
  const written = writeFileWhole(
    join(building, path),
    Buffer.from(lines.map((line) => `${line}\n`).join('')),
  );
  return { path, rows: lines.length, ...written };
}

const noop = () => undefined;

/** The first failure of many promises, as a promise that is never resolved. */
class Failure {
  private fail: (error: unknown) => void = () => undefined;
  readonly promise: Promise<never>;

  constructor() {
    this.promise = new Promise<never>((_, reject) => {
      this.fail = reject;
    });
    // Whoever races against it handles it; until then it is nobody's.
    this.promise.catch(() => undefined);
  }

  watch<T>(promise: Promise<T>): Promise<T> {
    promise.catch((error: unknown) => {
      this.fail(error);
    });
    return promise;
  }
}

/**
 * The clients of a range, divided into tasks. It depends on how many there are and on nothing else, for the bytes of the
 * output do (batches become pages).
 */
function inTasks(clients: readonly ClientEntry[]): (readonly ClientEntry[])[] {
  const even = Math.ceil(clients.length / TASKS_PER_RANGE);
  return chunks(clients, Math.min(Math.max(even, LEAST_CLIENTS), MOST_CLIENTS));
}

function chunks<T>(items: readonly T[], size: number): (readonly T[])[] {
  const result: (readonly T[])[] = [];
  for (let start = 0; start < items.length; start += size) result.push(items.slice(start, start + size));
  return result;
}
