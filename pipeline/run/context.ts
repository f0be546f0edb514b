import type { Logger } from 'pino';
import type { Progress } from './progress.js';

/** What a run uses of the world around it. */
export interface RunContext {
  readonly log: Logger;
  readonly progress: Progress;
  readonly now: () => Date;
  /** Aborted when the user wants the run to stop. */
  readonly signal: AbortSignal;
}
