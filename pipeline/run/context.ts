import type { Logger } from 'pino';
import type { LockPace } from '../snapshot/lock.js';
import type { RunRecord } from '../snapshot/run-record.js';
import type { Progress } from './progress.js';

/** What a run uses of the world around it. */
export interface RunContext {
  readonly log: Logger;
  readonly progress: Progress;
  readonly now: () => Date;
  /** Aborted when the user wants the run to stop. */
  readonly signal: AbortSignal;
  /** How events are logged; info when left out. A terminal shows the run in another way. */
  readonly eventLevel?: 'info' | 'debug';
  /** Told the record of the run when it is written. */
  readonly onRecord?: (record: RunRecord) => void;
  /** Of the lock of the output folder; its own when left out. */
  readonly lockPace?: LockPace;
}
