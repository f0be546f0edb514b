import { nextRunId } from './run-id.js';
import type { RunUnderWay } from './under-way.js';
import { openPool } from './workers.js';

/** To start a worker takes as long as to read some clients: fewer than these for each are not worth it. */
const CLIENTS_PER_WORKER = 8;

/** How many workers are worth it. @param most as the user said; 0 stays 0: all is done in one thread */
export function workersFor(clients: number, most: number): number {
  return Math.min(most, Math.max(1, Math.ceil(clients / CLIENTS_PER_WORKER)));
}

/** Gives a run its id and its workers, for as long as `use` takes. */
export async function withWorkers<T>(
  run: Omit<RunUnderWay, 'pool' | 'started' | 'runId'>,
  use: (run: RunUnderWay) => Promise<T>,
): Promise<T> {
  const { options, context, plan, recorder } = run;
  const workers = workersFor(plan.clients.length, options.workers);
  const pool = openPool(workers, options, plan.rootIds, context.log);
  const started = context.now();
  try {
    const runId = nextRunId(started, options.out, context.log);
    recorder.begin(runId);
    return await use({ ...run, pool, started, runId });
  } finally {
    await pool.close();
  }
}
