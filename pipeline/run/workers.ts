import type { Logger } from 'pino';
import type { RootIds } from '../source/source.js';
import { aheadLimits } from './memory.js';
import { mostOpenFiles } from '../storage/limits.js';
import type { RunOptions } from './options.js';
import { takeFirstWorker, WORKER } from './first-worker.js';
import { HerePool } from './here-pool.js';
import { WorkerPool, type TaskPool } from './pool.js';
import type { Tasks, WorkerSettings } from './tasks.js';

/** What a run opens beside the files that it reads ahead, generously: its program, its output, DuckDB's. */
const OTHER_FILES = 300;

/** Of how many files more this process may be allowed to have open. */
function roomForFiles(): number {
  return Math.max(0, (mostOpenFiles() ?? Infinity) - OTHER_FILES);
}

/**
 * Starts the worker threads of a run.
 * @param workers how many; 0: the tasks are done in this thread @param rootIds of the roots when the run began
 */
export function openPool(
  workers: number,
  { roots, rows, readAhead, maxMemory }: RunOptions,
  rootIds: RootIds,
  log: Logger,
): TaskPool<Tasks> {
  const { followLinks, tags: selection, months } = rows;
  const ahead = aheadLimits(maxMemory, Math.max(1, workers), Math.min(readAhead, roomForFiles()));
  const settings: WorkerSettings = { roots, rootIds, followLinks, ahead, selection, months };
  if (workers === 0) return new HerePool(async () => (await import('./worker.js')).workerTasks(settings));
  const onDeath = (reason: string) => {
    log.warn(`a worker thread died and is replaced: ${reason}`);
  };
  return new WorkerPool(WORKER, workers, settings, onDeath, takeFirstWorker());
}
