import PQueue from 'p-queue';
import { rangeFiles, type FileReceipt, type RangeReceipt } from '../snapshot/receipts.js';
import type { ClientEntry } from '../stages/discover.js';
import type { WrittenPart } from '../stages/write/part.js';
import { TASKS_AHEAD, type TaskPool } from './pool.js';
import type { EncodeTask, ReadResult, ReadTask, Tasks } from './tasks.js';

/** Tasks that the clients of a range are read in, so that all workers are busy even in a small range. */
const TASKS_PER_RANGE = 8;
/**
 * Clients of one task: fewer cost more than they read (a batch of each table, with some nine hundred columns in all, is put
 * together, hashed, read back and taken by the Parquet writer), more are a batch that takes memory.
 */
const LEAST_CLIENTS = 8;
const MOST_CLIENTS = 64;

/** Parts wait for workers before reads do: their rows take room on the disk until they are written. */
const ENCODE_FIRST = 1;

/** The tasks of ranges, in a queue before the workers. */
export class RangeTasks {
  private readonly queue: PQueue;

  constructor(private readonly pool: TaskPool<Tasks>) {
    this.queue = new PQueue({ concurrency: pool.size * (1 + TASKS_AHEAD) });
  }

  /** Resolves when the workers are short of tasks: whoever waits for it before each range holds few in memory. */
  whenShort(): Promise<void> {
    return this.queue.onSizeLessThan(this.pool.size);
  }

  /** Drops what waits. */
  clear(): void {
    this.queue.clear();
  }

  stamp(clients: readonly ClientEntry[]): Promise<string> {
    return this.queue.add(() => this.pool.run('stamp', { clients }, true));
  }

  read(task: ReadTask): Promise<ReadResult> {
    return this.queue.add(() => this.pool.run('read', task, true));
  }

  encode(task: EncodeTask): Promise<WrittenPart> {
    return this.queue.add(() => this.pool.run('encode', task), { priority: ENCODE_FIRST });
  }

  /** By a worker: the main thread must go on listening for signals. */
  findDamage(snapshot: string, receipt: RangeReceipt): Promise<string | null> {
    return this.findDamaged(snapshot, rangeFiles(receipt));
  }

  /** The same of any files of a folder. */
  findDamaged(folder: string, files: readonly FileReceipt[]): Promise<string | null> {
    return this.queue.add(() => this.pool.run('check', { folder, files }));
  }
}

/**
 * The clients of a range, divided into tasks. It depends on how many there are and on nothing else, for the bytes of the
 * output do (batches become pages).
 */
export function inTasks(clients: readonly ClientEntry[]): (readonly ClientEntry[])[] {
  const even = Math.ceil(clients.length / TASKS_PER_RANGE);
  return chunks(clients, Math.min(Math.max(even, LEAST_CLIENTS), MOST_CLIENTS));
}

function chunks<T>(items: readonly T[], size: number): (readonly T[])[] {
  const result: (readonly T[])[] = [];
  for (let start = 0; start < items.length; start += size) result.push(items.slice(start, start + size));
  return result;
}
