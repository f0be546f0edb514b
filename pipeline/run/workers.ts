import type { Logger } from 'pino';
import type { RunOptions } from './options.js';
import { WorkerPool } from './pool.js';
import type { Tasks, WorkerSettings } from './tasks.js';

/** Starts the worker threads of a run. @param workers how many */
export function openPool(workers: number, { roots, rows }: RunOptions, log: Logger): WorkerPool<Tasks> {
  const settings: WorkerSettings = {
    roots,
    followLinks: rows.followLinks,
    selection: rows.tags,
    months: rows.months,
  };
  return new WorkerPool(new URL('./worker.js', import.meta.url), workers, settings, (reason) => {
    log.warn(`a worker thread died and is replaced: ${reason}`);
  });
}
