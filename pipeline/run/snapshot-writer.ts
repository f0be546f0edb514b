import { join } from 'node:path';
import PQueue from 'p-queue';
import type { ClientEntry, RangePlan } from '../stages/discover.js';
import { addReadCounts, noReadCounts } from '../stages/extract.js';
import { writeFileWhole, type PartReceipt } from '../stages/write/part-file.js';
import type { WorkerPool } from './pool.js';
import type { Progress } from './progress.js';
import type { EncodeTask, ReadResult, ReadTask } from './tasks.js';

/**
 * Clients that one task reads. Part of what the output's bytes depend on (batches become pages), so it is the same for
 * every run; small, so that all workers are busy even in a small range.
 */
const CLIENTS_PER_TASK = 16;

/** Parts wait for workers before reads do: their batches are the memory that a run takes. */
const ENCODE_FIRST = 1;

/** What was written of one range. */
export interface WrittenRange {
  readonly range: string;
  readonly parts: ReadonlyMap<string, PartReceipt>;
  /** File of the mismatches of the range's clients, a line of JSON each, in the order of the clients. */
  readonly mismatchFile: string;
}

/** Puts the ranges through the workers: read in small tasks, then one part file for each table and range. */
export class SnapshotWriter {
  readonly counts = noReadCounts();
  private readonly queue: PQueue;

  constructor(
    private readonly pool: WorkerPool,
    private readonly workers: number,
    private readonly snapshot: string,
    private readonly workFolder: string,
    private readonly progress: Progress,
  ) {
    this.queue = new PQueue({ concurrency: workers });
  }

  /**
   * Writes all ranges, in order of the list. Bounded: no more tasks wait than there are workers for, so memory does not
   * grow with the database.
   * @throws the first error of any task; what waits is dropped.
   */
  async write(ranges: readonly RangePlan[]): Promise<WrittenRange[]> {
    const written: Promise<WrittenRange>[] = [];
    const failure = new Failure();
    for (const plan of ranges) {
      const reads: Promise<ReadResult>[] = [];
      for (const clients of chunks(plan.clients, CLIENTS_PER_TASK)) {
        await Promise.race([this.queue.onSizeLessThan(this.workers), failure.promise]);
        reads.push(failure.watch(this.read(clients)));
      }
      written.push(failure.watch(this.writeRange(plan.range, reads)));
    }
    try {
      return await Promise.race([Promise.all(written), failure.promise]);
    } catch (error) {
      this.queue.clear();
      throw error;
    }
  }

  private async read(clients: readonly ClientEntry[]): Promise<ReadResult> {
    const task: ReadTask = { type: 'read', clients };
    const result = (await this.queue.add(() => this.pool.run(task))) as ReadResult;
    addReadCounts(this.counts, result.counts);
    this.progress.advance(clients.length, result.rows['images'] ?? 0);
    return result;
  }

  private async writeRange(range: string, reads: readonly Promise<ReadResult>[]): Promise<WrittenRange> {
    const results = await Promise.all(reads);
    const tables = Object.keys(results[0]?.batches ?? {});
    const parts = await Promise.all(tables.map((table) => this.writePart(range, table, results)));
    const mismatchFile = join(this.workFolder, `${range}.jsonl`);
    const lines = results.flatMap((result) => result.mismatches);
    writeFileWhole(mismatchFile, Buffer.from(lines.map((line) => `${line}\n`).join('')));
    return { range, parts: new Map(tables.map((table, i) => [table, parts[i]!])), mismatchFile };
  }

  private async writePart(
    range: string,
    table: string,
    results: readonly ReadResult[],
  ): Promise<PartReceipt> {
    const task: EncodeTask = {
      type: 'encode',
      table,
      batches: results.map((result) => result.batches[table]!),
      snapshot: this.snapshot,
      path: `tables/${table}/${range}.parquet`,
      rows: results.reduce((sum, result) => sum + (result.rows[table] ?? 0), 0),
    };
    return (await this.queue.add(() => this.pool.run(task), { priority: ENCODE_FIRST })) as PartReceipt;
  }
}

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

function chunks<T>(items: readonly T[], size: number): (readonly T[])[] {
  const result: (readonly T[])[] = [];
  for (let start = 0; start < items.length; start += size) result.push(items.slice(start, start + size));
  return result;
}
