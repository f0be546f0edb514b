import type { RangeReason } from '../snapshot/manifest.js';
import { carryRange, listReceipts, readReceipt, type RangeReceipt } from '../snapshot/receipts.js';
import type { RangePlan } from '../stages/discover.js';
import { rangeFingerprint } from './fingerprint.js';
import { RangeReader, type ReaderSettings } from './range-reader.js';
import { inTasks } from './range-tasks.js';
import { whyNotKept, type NotKept } from './reuse.js';

export interface WriterSettings extends ReaderSettings {
  /** The current snapshot, whose ranges are carried over where nothing changed; null to read everything. */
  readonly previous: string | null;
  readonly full: boolean;
  /** Told of each range whose files are not as they were written, and which is made anew. */
  readonly onDamage: (range: string) => void;
}

/** Brings each range into the snapshot being built: read, carried over, or taken up from an interrupted run. */
export class RangeWriter {
  readonly reasons: Partial<Record<RangeReason, number>> = {};
  private readonly reader: RangeReader;
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
  async write(ranges: readonly RangePlan[]): Promise<RangeReceipt[]> {
    const { tasks } = this.settings;
    const written: Promise<RangeReceipt>[] = [];
    const failure = new Failure();
    try {
      for (const plan of ranges) {
        await Promise.race([tasks.whenShort(), failure.promise]);
        written.push(failure.watch(this.writeRange(plan)));
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
    const { building, previous, full } = this.settings;
    if (full) return this.readRange(plan, 'full');
    const resumed = readReceipt(building, plan.range);
    const earlier = previous === null ? null : readReceipt(previous, plan.range);
    if (resumed === null && earlier === null) return this.readRange(plan, 'first');
    const fingerprint = await this.fingerprint(plan);
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

  private keep(snapshot: string, receipt: RangeReceipt): RangeReceipt {
    const { building } = this.settings;
    if (snapshot === building) return this.take(receipt, 'resumed');
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
    this.count(reason);
    return receipt;
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
