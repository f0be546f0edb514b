import type { ManifestPlan, RangeReason } from '../snapshot/manifest.js';
import type { RangeIn } from '../snapshot/changed-clients.js';
import type { OutputFolder } from '../snapshot/output-folder.js';
import type { RangeReceipt } from '../snapshot/receipts.js';
import type { ReadCounts } from '../stages/read-counts.js';
import type { WrittenPart } from '../stages/write/part.js';
import type { ContentCheck } from './content-check.js';
import type { RunContext } from './context.js';
import type { RunOptions } from './options.js';
import type { RunRecorder } from './recorder.js';
import type { RunPlan } from './plan.js';
import type { TaskPool } from './pool.js';
import type { RangeOrigin, RangePlace } from './range-origin.js';
import type { Tasks } from './tasks.js';

/** What the steps of a run hand on to each other. */

/** A run that has its output folder and its workers: what each of its steps is given. */
export interface RunUnderWay {
  readonly options: RunOptions;
  readonly context: RunContext;
  readonly plan: RunPlan;
  readonly output: OutputFolder;
  readonly recorder: RunRecorder;
  readonly pool: TaskPool<Tasks>;
  readonly contentCheck: ContentCheck;
  /** The plan whose tasks read the ranges; null where this run reads them itself. */
  readonly sharedBy: ManifestPlan | null;
  /** Opens what the ranges come from that are not kept. */
  readonly openOrigin: (place: RangePlace) => RangeOrigin;
  readonly started: Date;
  readonly runId: string;
}

/** A range as the current snapshot has it, and as it was read now. */
export interface UnseenChange {
  readonly before: RangeIn;
  readonly after: RangeIn;
}

/** What the workers wrote. */
export interface WrittenRanges {
  /** In natural order of client. */
  readonly ranges: readonly RangeReceipt[];
  readonly codesPart: WrittenPart;
  /** What was read in this run. */
  readonly counts: ReadCounts;
  readonly reasons: Readonly<Partial<Record<RangeReason, number>>>;
  /** Ranges that hold something else than in the current snapshot, though nothing showed a change. */
  readonly unseen: readonly UnseenChange[];
}
