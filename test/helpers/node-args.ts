import { setFlagsFromString } from 'node:v8';
import { RUNS_ALL } from './extent.js';

/**
 * V8 compiles the WebAssembly of the Parquet writer twice: fast, then well. For runs of a few clients the second takes
 * longer than all that is written, so that tests leave it out, here and in the processes that they start. The whole
 * loops, as in CI, are run as the program is.
 */
export const NODE_ARGS: readonly string[] = RUNS_ALL ? [] : ['--liftoff-only'];

for (const flag of NODE_ARGS) setFlagsFromString(flag);
