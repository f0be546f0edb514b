import type { RangeReceipt } from '../snapshot/receipts.js';
import type { RangePlan } from '../stages/discover.js';
import type { ReadCounts } from '../stages/read-counts.js';
import type { Formats } from '../stages/write/formats.js';
import type { Progress } from './progress.js';
import type { RangeTasks } from './range-tasks.js';

/** Where a run gets the ranges from that it does not keep: the database, or the tasks that read it on other machines. */
export interface RangeOrigin {
  /** What was read for this run so far. */
  readonly counts: ReadCounts;
  /** What the range's rows depend on (see rangeFingerprint). */
  fingerprint(plan: RangePlan): Promise<string>;
  /**
   * Writes the files of a range into the snapshot that is being built, the receipt last.
   * @throws VerificationError when a file is not as it was written
   */
  read(plan: RangePlan): Promise<RangeReceipt>;
  /** @throws EnvironmentFault when it is not any more what it was when the run began */
  assertSame(): void;
}

/** Where files of ranges are written, and by whom. */
export interface RangePlace {
  readonly tasks: RangeTasks;
  /** Folder of the snapshot that is being built. */
  readonly building: string;
  /** For the rows of the ranges under way. */
  readonly work: string;
  /** What every row depends on beside the files; it may not be known yet. */
  readonly configuration: string | Promise<string>;
  readonly formats: Formats;
  readonly progress: Progress;
}
