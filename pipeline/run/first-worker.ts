import type { Worker } from 'node:worker_threads';
import { letEnd, startThread } from './worker-thread.js';

/** Beside this module, and in the bundle beside its code. */
export const WORKER = new URL('./worker.js', import.meta.url);

/**
 * The first worker of a run, started before the command is loaded: a thread takes as long to be ready as the command takes
 * to know what it shall do.
 */
export class FirstWorker {
  private worker: Worker | null = startThread(WORKER, 1);
  private readonly forget = () => {
    this.worker = null;
  };

  constructor() {
    // Of what ails it the pool tells, when the one that it starts instead does not start either.
    this.worker!.once('error', this.forget).once('exit', this.forget);
  }

  /** The thread, for a pool, once; null when there is none. */
  take(): Worker | null {
    const { worker } = this;
    worker?.off('error', this.forget).off('exit', this.forget);
    this.worker = null;
    return worker;
  }

  /** Ends it where nobody took it. */
  async drop(): Promise<void> {
    const worker = this.take();
    // Whatever ails it now, nobody waits for it.
    if (worker !== null) await letEnd(worker.on('error', () => undefined));
  }
}

let offered: FirstWorker | null = null;

/** Whatever pool is opened first takes it. */
export function offerFirstWorker(first: FirstWorker | null): void {
  offered = first;
}

export function takeFirstWorker(): Worker | null {
  return offered?.take() ?? null;
}
