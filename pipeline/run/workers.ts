import type { Logger } from 'pino';
import type { RootIds } from '../source/source.js';
import { tuneEngine } from './engine-flags.js';
import type { RunOptions } from './options.js';
import { WorkerPool } from './pool.js';
import type { Tasks, WorkerSettings } from './tasks.js';

/** Starts the worker threads of a run. @param workers how many @param rootIds of the roots when the run began */
export function openPool(
  workers: number,
  { roots, rows }: RunOptions,
  rootIds: RootIds,
  log: Logger,
): WorkerPool<Tasks> {
  tuneEngine();
  const { followLinks, tags: selection, months } = rows;
  const settings: WorkerSettings = { roots, rootIds, followLinks, selection, months };
  return new WorkerPool(new URL('./worker.js', import.meta.url), workers, settings, (reason) => {
    log.warn(`a worker thread died and is replaced: ${reason}`);
  });
}
