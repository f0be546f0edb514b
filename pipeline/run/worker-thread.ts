import { setTimeout as sleep } from 'node:timers/promises';
import { Worker, type ResourceLimits } from 'node:worker_threads';
import type { EndOfTasks } from './protocol.js';

/** What a thread is told that does the tasks of a pool; the thread of a run itself is told nothing. */
export const POOL_THREAD = 'a thread of a pool';

/** Old generation: more than a worker needs. Below 2 GB V8 collects before the heap is twice, not four times, what lives. */
const OLD_MB = 2000;
/**
 * Young generations: a larger one is collected less often, and less of it still lives then. They are of all workers together,
 * so that many workers do not take more memory than their share. Twice as much for two takes 1.5 % less time and 30 MB more.
 */
const YOUNG_MB = { together: 96, least: 12, most: 24 };

/** So long a thread without a task may take to end. */
const END_MS = 1000;

/** Starts a thread, one of so many, that waits for its settings and then for tasks (see protocol.ts). */
export function startThread(file: URL, workers: number): Worker {
  return new Worker(file, { workerData: POOL_THREAD, resourceLimits: limits(workers) });
}

function limits(workers: number): ResourceLimits {
  const share = Math.floor(YOUNG_MB.together / workers);
  return {
    maxYoungGenerationSizeMb: Math.max(YOUNG_MB.least, Math.min(share, YOUNG_MB.most)),
    maxOldGenerationSizeMb: OLD_MB,
  };
}

/**
 * Ends a thread that has no task. It is told to, and ends when V8 has compiled for it what it compiles in the
 * background: to end it from here meanwhile can bring down the whole process (an assertion of Node 20's platform).
 */
export async function letEnd(thread: Worker): Promise<void> {
  const ended = new Promise<boolean>((resolve) =>
    thread.once('exit', () => {
      resolve(true);
    }),
  );
  thread.postMessage({ end: true } satisfies EndOfTasks);
  const tooLate = sleep(END_MS, false, { ref: false });
  if (!(await Promise.race([ended, tooLate]))) await thread.terminate();
}
