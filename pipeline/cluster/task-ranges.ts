import { join } from 'node:path';
import { EnvironmentFault } from '../base/fault.js';
import { rangeFingerprint } from '../run/fingerprint.js';
import { writeRangeFiles } from '../run/range-files.js';
import type { RangeOrigin, RangePlace } from '../run/range-origin.js';
import {
  carryRange,
  rangeFiles,
  readReceipt,
  type FileReceipt,
  type RangeReceipt,
} from '../snapshot/receipts.js';
import type { RangePlan } from '../stages/discover.js';
import { addReadCounts, noReadCounts } from '../stages/read-counts.js';
import { rangesByName, type FrozenPlan, type FrozenRange } from './frozen-plan.js';
import { below, type PartOfRange, type TaskReceipt } from './task-receipt.js';

/** A task that is done, and where its output lies. */
export interface DoneTask {
  readonly folder: string;
  readonly receipt: TaskReceipt;
}

/** The ranges that the tasks of a plan read: those that a task read whole are carried over, others put together of parts. */
export class TaskRanges implements RangeOrigin {
  readonly counts = noReadCounts();
  private readonly frozen: ReadonlyMap<string, FrozenRange>;
  private readonly wholeIn = new Map<string, DoneTask>();
  private readonly partsOf = new Map<string, { readonly task: DoneTask; readonly part: PartOfRange }[]>();

  /** @param done every task that has something to read, in order */
  constructor(
    private readonly place: RangePlace,
    plan: FrozenPlan,
    done: readonly DoneTask[],
  ) {
    this.frozen = rangesByName(plan);
    for (const task of done) {
      for (const range of task.receipt.ranges) this.wholeIn.set(range, task);
      for (const part of task.receipt.parts) {
        const parts = this.partsOf.get(part.range) ?? [];
        parts.push({ task, part });
        this.partsOf.set(part.range, parts);
      }
    }
  }

  /** As it was when it was read, or, of one that no task read, when the plan was made. */
  async fingerprint({ range }: RangePlan): Promise<string> {
    const task = this.wholeIn.get(range);
    if (task !== undefined) return receiptIn(task, range).fingerprint;
    const parts = this.partsOf.get(range);
    const read = parts?.flatMap(({ part }) => part.results.map(({ stamp }) => stamp));
    return rangeFingerprint(await this.place.configuration, read ?? this.frozen.get(range)!.stamps);
  }

  async read({ range, clients }: RangePlan): Promise<RangeReceipt> {
    const task = this.wholeIn.get(range);
    const receipt =
      task === undefined ? await this.putTogether(range, clients.length) : await this.carry(range, task);
    addReadCounts(this.counts, receipt.counts);
    this.place.progress.advance(receipt.clients, receipt.files.parquet['images']?.rows ?? 0);
    return receipt;
  }

  assertSame(): void {
    // What the tasks read, each of them looked at.
  }

  private async carry(range: string, task: DoneTask): Promise<RangeReceipt> {
    const receipt = receiptIn(task, range);
    await this.assertIntact(task, rangeFiles(receipt));
    carryRange(task.folder, this.place.building, receipt);
    return receipt;
  }

  private async putTogether(range: string, clients: number): Promise<RangeReceipt> {
    const parts = this.partsOf.get(range);
    if (parts === undefined)
      throw new EnvironmentFault(
        `range ${range} is in no task, and is not as the plan found it any more: plan again`,
      );
    for (const { task, part } of parts) await this.assertIntact(task, part.files);
    const results = parts.flatMap(({ task, part }) =>
      part.results.map((result) => below(task.folder, result)),
    );
    return writeRangeFiles(this.place, range, clients, results);
  }

  private async assertIntact(task: DoneTask, files: readonly FileReceipt[]): Promise<void> {
    const damaged = await this.place.tasks.findDamaged(task.folder, files);
    if (damaged !== null) throw notAsWritten(task, join(task.folder, damaged));
  }
}

function receiptIn(task: DoneTask, range: string): RangeReceipt {
  const receipt = readReceipt(task.folder, range);
  if (receipt === null) throw notAsWritten(task, `the receipt of range ${range}`);
  return receipt;
}

function notAsWritten({ folder, receipt: { task } }: DoneTask, what: string): EnvironmentFault {
  return new EnvironmentFault(
    `${what} of task ${task} is not as it was written (${folder}): repeat it with omidb-etl run-task --task ${task}, then merge again`,
  );
}
