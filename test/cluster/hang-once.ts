import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into a task of an array before the program: the task of number HANG_TASK stops for ever when it has read its share,
 * before its output has the name by which merge knows it. Once: the file HANG_FILE is made then, with the id of the process,
 * and where it is nothing stops.
 */

const file = process.env['HANG_FILE'];
const isIts = isMainThread && process.env['SLURM_ARRAY_TASK_ID'] === process.env['HANG_TASK'];

if (isIts && file !== undefined && !fs.existsSync(file)) {
  const original = fs.renameSync;
  fs.renameSync = (from, to) => {
    if (String(to).endsWith('/done')) {
      fs.writeFileSync(`${file}.new`, String(process.pid));
      original(`${file}.new`, file);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
    original(from, to);
  };
  syncBuiltinESMExports();
}
