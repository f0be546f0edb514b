import { isSameContent } from '../snapshot/changed-clients.js';
import type { RangeReason } from '../snapshot/manifest.js';
import { carryRange, listReceipts, type RangeReceipt } from '../snapshot/receipts.js';
import type { RangePlan } from '../stages/discover.js';
import { inTurn } from './in-turn.js';
import { RangeChoice, type ChoiceSettings } from './range-choice.js';
import type { RangeOrigin } from './range-origin.js';
import type { Progress } from './progress.js';
import type { UnseenChange } from './under-way.js';

export interface WriterSettings extends ChoiceSettings {
  readonly origin: RangeOrigin;
  readonly progress: Progress;
  /** Told of each range that was read for this run. */
  readonly onRead: (range: string) => void;
}

/** Brings each range into the snapshot being built: read, carried over, or taken up from an interrupted run. */
export class RangeWriter {
  readonly reasons: Partial<Record<RangeReason, number>> = {};
  readonly unseen: UnseenChange[] = [];
  private readonly choice: RangeChoice;
  /** Read before it was clear whether there is anything to write. */
  private readonly rechecked = new Map<string, RangeReceipt>();

  constructor(private readonly settings: WriterSettings) {
    this.choice = new RangeChoice(settings);
  }

  /** What was read for this run; carried ranges count nothing. */
  get counts() {
    return this.settings.origin.counts;
  }

  /** Writes all ranges, in order of the list (see inTurn). */
  write(ranges: readonly RangePlan[]): Promise<RangeReceipt[]> {
    return inTurn(this.settings.tasks, ranges, (plan) => this.writeRange(plan));
  }

  /**
   * Reads the ranges whose turn it is, where nothing shows a change.
   * @returns whether one of them is not as the previous snapshot has it
   */
  async recheck(ranges: readonly RangePlan[]): Promise<boolean> {
    const { due, tasks } = this.settings;
    const ofTurn = ranges.filter(({ range }) => due.has(range));
    const receipts = await inTurn(tasks, ofTurn, (plan) => this.readRange(plan, 'rechecked'));
    for (const receipt of receipts) this.rechecked.set(receipt.range, receipt);
    return receipts.some((receipt) => {
      const before = this.choice.previousReceipt(receipt.range);
      return before?.fingerprint !== receipt.fingerprint || !isSameContent(before, receipt);
    });
  }

  /**
   * The receipts of the previous snapshot when nothing at all changed since: then there is nothing to write. Null as soon
   * as a range is not as it was.
   */
  async findUnchanged(ranges: readonly RangePlan[]): Promise<RangeReceipt[] | null> {
    const { previous, full, tasks } = this.settings;
    if (previous === null || full || listReceipts(previous).length !== ranges.length) return null;
    const checks: Promise<RangeReceipt | null>[] = [];
    const found = { change: false };
    for (const plan of ranges) {
      await tasks.whenShort();
      if (found.change) break;
      const check = this.choice.unchangedReceipt(plan);
      checks.push(check);
      void check.then((receipt) => {
        found.change ||= receipt === null;
      }, noop);
    }
    const receipts = await Promise.all(checks);
    if (receipts.includes(null) || receipts.length < ranges.length) return null;
    return receipts as RangeReceipt[];
  }

  private async writeRange(plan: RangePlan): Promise<RangeReceipt> {
    const known = this.rechecked.get(plan.range);
    if (known !== undefined) return known;
    const choice = await this.choice.choose(plan);
    return 'keep' in choice
      ? this.keep(choice.keep.snapshot, choice.keep.receipt)
      : this.readRange(plan, choice.read);
  }

  private async keep(snapshot: string, receipt: RangeReceipt): Promise<RangeReceipt> {
    const { building } = this.settings;
    if (snapshot === building) {
      await this.noteUnseen(receipt);
      return this.take(receipt, 'resumed');
    }
    carryRange(snapshot, building, receipt);
    return this.take(receipt, 'carried');
  }

  private async readRange(plan: RangePlan, reason: RangeReason): Promise<RangeReceipt> {
    const receipt = await this.settings.origin.read(plan);
    await this.noteUnseen(receipt);
    this.settings.onRead(plan.range);
    this.count(reason);
    return receipt;
  }

  /** Notes that a range is not what the previous snapshot has under the same fingerprint. */
  private async noteUnseen(receipt: RangeReceipt): Promise<void> {
    const { building, previous, tasks } = this.settings;
    const before = this.choice.previousReceipt(receipt.range);
    if (before?.fingerprint !== receipt.fingerprint || isSameContent(before, receipt)) return;
    // What could not be read, then or now, is no other content.
    if (before.counts.unread !== 0 || receipt.counts.unread !== 0) return;
    if ((await tasks.findDamage(previous!, before)) !== null) return;
    const after = { snapshot: building, receipt };
    this.unseen.push({ before: { snapshot: previous!, receipt: before }, after });
  }

  private take(receipt: RangeReceipt, reason: RangeReason): RangeReceipt {
    this.count(reason);
    this.settings.progress.advance(receipt.clients, receipt.files.parquet['images']?.rows ?? 0);
    return receipt;
  }

  private count(reason: RangeReason): void {
    this.reasons[reason] = (this.reasons[reason] ?? 0) + 1;
  }
}

const noop = () => undefined;
