import { isSameContent } from '../snapshot/changed-clients.js';
import type { RangeReason } from '../snapshot/manifest.js';
import { carryRange, listReceipts, readReceipt, type RangeReceipt } from '../snapshot/receipts.js';
import type { RangePlan } from '../stages/discover.js';
import { rangeFingerprint } from './fingerprint.js';
import { RangeReader, type ReaderSettings } from './range-reader.js';
import { inTasks } from './range-tasks.js';
import type { UnseenChange } from './under-way.js';
import { whyNotKept, type NotKept } from './reuse.js';

export interface WriterSettings extends ReaderSettings {
  /** The current snapshot, whose ranges are carried over where nothing changed; null to read everything. */
  readonly previous: string | null;
  readonly full: boolean;
  /** Ranges to read again though nothing shows a change. */
  readonly due: ReadonlySet<string>;
  /** Told of each range that was read in this run. */
  readonly onRead: (range: string) => void;
  /** Told of each range whose files are not as they were written, and which is made anew. */
  readonly onDamage: (range: string) => void;
}

/** Brings each range into the snapshot being built: read, carried over, or taken up from an interrupted run. */
export class RangeWriter {
  readonly reasons: Partial<Record<RangeReason, number>> = {};
  readonly unseen: UnseenChange[] = [];
  private readonly reader: RangeReader;
  /** Read before it was clear whether there is anything to write. */
  private readonly rechecked = new Map<string, RangeReceipt>();
  private readonly fingerprints = new Map<string, Promise<string>>();

  constructor(private readonly settings: WriterSettings) {
    this.reader = new RangeReader(settings);
  }

  /** What was read in this run; carried ranges count nothing. */
  get counts() {
    return this.reader.counts;
  }

  /**
   * Writes all ranges, in order of the list. Bounded: a range is begun only when the workers are short of tasks, so that
   * memory does not grow with the database.
   * @throws the first error of any task; what waits is dropped.
   */
  write(ranges: readonly RangePlan[]): Promise<RangeReceipt[]> {
    return this.inTurn(ranges, (plan) => this.writeRange(plan));
  }

  /**
   * Reads the ranges whose turn it is, where nothing shows a change.
   * @returns whether one of them is not as the previous snapshot has it
   */
  async recheck(ranges: readonly RangePlan[]): Promise<boolean> {
    const due = ranges.filter(({ range }) => this.settings.due.has(range));
    const receipts = await this.inTurn(due, (plan) => this.readRange(plan, 'rechecked'));
    for (const receipt of receipts) this.rechecked.set(receipt.range, receipt);
    return receipts.some((receipt) => {
      const before = this.previousReceipt(receipt.range);
      return before?.fingerprint !== receipt.fingerprint || !isSameContent(before, receipt);
    });
  }

  private async inTurn(
    ranges: readonly RangePlan[],
    write: (plan: RangePlan) => Promise<RangeReceipt>,
  ): Promise<RangeReceipt[]> {
    const { tasks } = this.settings;
    const written: Promise<RangeReceipt>[] = [];
    const failure = new Failure();
    try {
      for (const plan of ranges) {
        await Promise.race([tasks.whenShort(), failure.promise]);
        written.push(failure.watch(write(plan)));
      }
      return await Promise.race([Promise.all(written), failure.promise]);
    } catch (error) {
      tasks.clear();
      throw error;
    }
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
    if (receipt === null || whyNotKept(receipt, this.settings.formats) !== null) return null;
    return receipt.fingerprint === (await this.fingerprint(plan)) ? receipt : null;
  }

  private async writeRange(plan: RangePlan): Promise<RangeReceipt> {
    const { building, previous, full, due } = this.settings;
    const known = this.rechecked.get(plan.range);
    if (known !== undefined) return known;
    if (full) return this.readRange(plan, 'full');
    const resumed = readReceipt(building, plan.range);
    const earlier = this.previousReceipt(plan.range);
    if (resumed === null && earlier === null) return this.readRange(plan, 'first');
    const fingerprint = await this.fingerprint(plan);
    if (earlier?.fingerprint === fingerprint && due.has(plan.range)) return this.readRange(plan, 'rechecked');
    let reason: RangeReason = 'changed';
    for (const [snapshot, receipt] of [[building, resumed], [previous!, earlier]] as const) {
      if (receipt?.fingerprint !== fingerprint) continue;
      const not = await this.whyNotKept(snapshot, receipt);
      if (not === null) return this.keep(snapshot, receipt);
      reason = not;
    } // prettier-ignore
    if (reason === 'damaged') this.settings.onDamage(plan.range);
    return this.readRange(plan, reason);
  }

  private previousReceipt(range: string): RangeReceipt | null {
    const { previous } = this.settings;
    return previous === null ? null : readReceipt(previous, range);
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

  private async whyNotKept(snapshot: string, receipt: RangeReceipt): Promise<NotKept | null> {
    const reason = whyNotKept(receipt, this.settings.formats);
    if (reason !== null) return reason;
    return (await this.settings.tasks.findDamage(snapshot, receipt)) === null ? null : 'damaged';
  }

  /** What the range's rows depend on now, by a walk over its folders; walked once in a run. */
  private fingerprint({ range, clients }: RangePlan): Promise<string> {
    const known = this.fingerprints.get(range);
    if (known !== undefined) return known;
    const stamps = inTasks(clients).map((inTask) => this.settings.tasks.stamp(inTask));
    const fingerprint = Promise.all(stamps).then((done) =>
      rangeFingerprint(this.settings.configuration, done),
    );
    this.fingerprints.set(range, fingerprint);
    return fingerprint;
  }

  private async readRange(plan: RangePlan, reason: RangeReason): Promise<RangeReceipt> {
    const receipt = await this.reader.read(plan);
    await this.noteUnseen(receipt);
    this.settings.onRead(plan.range);
    this.count(reason);
    return receipt;
  }

  /** Notes that a range is not what the previous snapshot has under the same fingerprint. */
  private async noteUnseen(receipt: RangeReceipt): Promise<void> {
    const { building, previous, tasks } = this.settings;
    const before = this.previousReceipt(receipt.range);
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
