import type { Logger } from 'pino';
import type { LockPace } from '../snapshot/lock.js';
import type { Progress } from './progress.js';

/** What a run uses of the world around it. */
export interface RunContext {
  readonly log: Logger;
  readonly progress: Progress;
  readonly now: () => Date;
  /** Aborted when the user wants the run to stop. */
  readonly signal: AbortSignal;
  /** Of the lock of the output folder; its own when left out. */
  readonly lockPace?: LockPace;
}
