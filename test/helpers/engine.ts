import { setFlagsFromString } from 'node:v8';
import { RUNS_ALL } from './extent.js';

/**
 * V8 compiles the WebAssembly of the Parquet writer twice: fast, then well. For runs of a few clients the second takes
 * longer than all that is written, so that tests leave it out where they run the pipeline in their own process. The program
 * itself puts it off (engine-flags.ts), and takes what V8 made of its code under its own flags only.
 */
if (!RUNS_ALL) setFlagsFromString('--liftoff-only');
