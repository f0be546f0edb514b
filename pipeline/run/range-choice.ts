import type { RangeReason } from '../snapshot/manifest.js';
import { readReceipt, type RangeReceipt } from '../snapshot/receipts.js';
import type { RangePlan } from '../stages/discover.js';
import type { RangeOrigin, RangePlace } from './range-origin.js';
import { whyNotKept, type NotKept } from './reuse.js';

export interface ChoiceSettings extends Pick<RangePlace, 'tasks' | 'building' | 'formats'> {
  readonly origin: Pick<RangeOrigin, 'fingerprint'>;
  /** The current snapshot, whose ranges are carried over where nothing changed; null where there is none. */
  readonly previous: string | null;
  readonly full: boolean;
  /** Ranges to read again though nothing shows a change. */
  readonly due: ReadonlySet<string>;
  /** Told of each range whose files are not as they were written, and which is made anew. */
  readonly onDamage: (range: string) => void;
}

/** A range is kept as a snapshot has it, that which is being built or the one before, or it is read. */
export type Choice =
  | { readonly keep: { readonly snapshot: string; readonly receipt: RangeReceipt } }
  | { readonly read: RangeReason };

/** Chooses which ranges are read, and why. */
export class RangeChoice {
  constructor(private readonly settings: ChoiceSettings) {}

  async choose(plan: RangePlan): Promise<Choice> {
    const { building, previous, full, due, origin } = this.settings;
    if (full) return { read: 'full' };
    const resumed = readReceipt(building, plan.range);
    const earlier = this.previousReceipt(plan.range);
    if (resumed === null && earlier === null) return { read: 'first' };
    const fingerprint = await origin.fingerprint(plan);
    if (earlier?.fingerprint === fingerprint && due.has(plan.range)) return { read: 'rechecked' };
    let reason: RangeReason = 'changed';
    for (const [snapshot, receipt] of [
      [building, resumed],
      [previous!, earlier],
    ] as const) {
      if (receipt?.fingerprint !== fingerprint) continue;
      const not = await this.whyNotKept(snapshot, receipt);
      if (not === null) return { keep: { snapshot, receipt } };
      reason = not;
    }
    if (reason === 'damaged') this.settings.onDamage(plan.range);
    return { read: reason };
  }

  /** Of a range in which nothing changed since the current snapshot; else null. Its files are not looked at. */
  async unchangedReceipt(plan: RangePlan): Promise<RangeReceipt | null> {
    const receipt = this.previousReceipt(plan.range);
    if (receipt === null || whyNotKept(receipt, this.settings.formats) !== null) return null;
    return receipt.fingerprint === (await this.settings.origin.fingerprint(plan)) ? receipt : null;
  }

  previousReceipt(range: string): RangeReceipt | null {
    const { previous } = this.settings;
    return previous === null ? null : readReceipt(previous, range);
  }

  private async whyNotKept(snapshot: string, receipt: RangeReceipt): Promise<NotKept | null> {
    const reason = whyNotKept(receipt, this.settings.formats);
    if (reason !== null) return reason;
    return (await this.settings.tasks.findDamage(snapshot, receipt)) === null ? null : 'damaged';
  }
}
