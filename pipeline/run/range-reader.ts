import { join } from 'node:path';
import { TooLargeFault } from '../base/fault.js';
import type { RangeReceipt } from '../snapshot/receipts.js';
import { assertSameRoots } from '../source/root-identity.js';
import type { RootIds, Roots } from '../source/source.js';
import type { ClientEntry, RangePlan } from '../stages/discover.js';
import { addReadCounts, noReadCounts } from '../stages/read-counts.js';
import { remove } from '../storage/names.js';
import { rangeFingerprint } from './fingerprint.js';
import { WorkerDeath } from './pool.js';
import { joinResults, workFilesOf, writeRangeFiles } from './range-files.js';
import type { RangeOrigin, RangePlace } from './range-origin.js';
import { inTasks } from './range-tasks.js';
import type { ReadResult, ReadTask } from './tasks.js';

/** Reads ranges from the database: each in small tasks, then one part for each of its tables. */
export class RangeReader implements RangeOrigin {
  readonly counts = noReadCounts();
  private readonly stampsOf = new Map<string, Promise<string[]>>();

  /** @param rootIds of the roots when the run began */
  constructor(
    private readonly place: RangePlace,
    private readonly roots: Roots,
    private readonly rootIds: RootIds,
  ) {}

  async fingerprint(plan: RangePlan): Promise<string> {
    const stamps = await this.stamps(plan);
    return rangeFingerprint(await this.place.configuration, stamps);
  }

  /** The stamps of its clients, of each task apart (see inTasks): by a walk over their folders, once in a run. */
  stamps({ range, clients }: RangePlan): Promise<string[]> {
    const known = this.stampsOf.get(range);
    if (known !== undefined) return known;
    const stamps = Promise.all(inTasks(clients).map((inTask) => this.place.tasks.stamp(inTask)));
    this.stampsOf.set(range, stamps);
    return stamps;
  }

  async read({ range, clients }: RangePlan): Promise<RangeReceipt> {
    const results = await this.readTasks(inTasks(clients), (i) => join(this.place.work, `${range}-${i}`));
    const receipt = await writeRangeFiles(this.place, range, clients.length, results);
    for (const path of workFilesOf(results)) remove(path);
    return receipt;
  }

  /**
   * Reads clients without making files of a range of them.
   * @param inEach the clients of each task
   * @param pathOf beginning of the paths of the work files of a task
   */
  readTasks(
    inEach: readonly (readonly ClientEntry[])[],
    pathOf: (index: number) => string,
  ): Promise<ReadResult[]> {
    return Promise.all(inEach.map((clients, i) => this.readTask(readTask(clients, pathOf(i), null))));
  }

  assertSame(): void {
    assertSameRoots(this.roots, this.rootIds);
  }

  private async readTask(task: ReadTask): Promise<ReadResult> {
    const result = await this.place.tasks.read(task).catch((error: unknown) => {
      whyGivenUp(error);
      return this.readAlone(task);
    });
    addReadCounts(this.counts, result.counts);
    this.place.progress.advance(task.clients.length, result.rows['images'] ?? 0);
    return result;
  }

  /** The clients of a task that cannot be done, each alone: she at fault is left out, the others are kept. */
  private async readAlone({ clients, batchFile }: ReadTask): Promise<ReadResult> {
    const { tasks } = this.place;
    // As the task itself would stamp them: before they are read, together.
    const stamp = await tasks.stamp(clients);
    const results: ReadResult[] = [];
    for (const [i, client] of clients.entries()) {
      const alone = (tooLarge: string | null) => readTask([client], `${batchFile}-${i}`, tooLarge);
      const read = tasks.read(alone(null)).catch((error: unknown) => tasks.read(alone(whyGivenUp(error))));
      results.push(await read);
    }
    return { ...joinResults(results as [ReadResult]), stamp };
  }
}

/** Why clients cannot be read: the beginning of a sentence. @throws the error when it is not theirs */
function whyGivenUp(error: unknown): string {
  if (error instanceof TooLargeFault) return error.message;
  if (error instanceof WorkerDeath) return 'Each worker thread that read her files ended';
  throw error;
}

function readTask(clients: readonly ClientEntry[], path: string, tooLarge: string | null): ReadTask {
  return { clients, batchFile: `${path}.batches`, mismatchFile: `${path}.mismatches`, tooLarge };
}
