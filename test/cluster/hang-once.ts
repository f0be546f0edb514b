import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import '../helpers/node-args.js';

/**
 * Loaded into a task of an array before the program: the task of number HANG_TASK stops for ever, in the middle of its work,
 * before it first gives a file its name. Once: the file HANG_FILE is made then, and where it is nothing stops.
 */

const file = process.env['HANG_FILE'];
const isIts = isMainThread && process.env['SLURM_ARRAY_TASK_ID'] === process.env['HANG_TASK'];

if (isIts && file !== undefined && !fs.existsSync(file)) {
  const original = fs.renameSync;
  fs.renameSync = (from, to) => {
    if (String(to).endsWith('.parquet')) {
      fs.writeFileSync(file, '');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
    original(from, to);
  };
  syncBuiltinESMExports();
}
