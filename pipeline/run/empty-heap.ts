import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** From this version on V8 keeps the memory of a thread that ended for eight seconds, for others to come. */
export const KEEPING_V8 = 13;
/** To collect takes a tenth of a second: at most a hundredth of what the thread took. */
const LEAST_MS = 10_000;

/**
 * Called at the end of a thread: gives the memory of its heap back to the system, where V8 would keep it while DuckDB needs its
 * own. That is 120 MB of two workers; the run of a large database had its peak there.
 * @param lived how long there has been the thread (ms)
 */
export function emptyHeap(lived = performance.now()): void {
  const version = Number(process.versions.v8.split('.')[0]);
  if (version < KEEPING_V8 || lived < LEAST_MS) return;
  setFlagsFromString('--expose-gc');
  // There is no other way to have V8 collect; contexts that were made before have no such function.
  const collect = runInNewContext('gc') as NodeJS.GCFunction;
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
