import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

/** Loaded into a run before the program: a worker thread that opens a file of client DIE_ON ends, as if out of memory. */

const open = fs.openSync.bind(fs);
const folder = `/${process.env['DIE_ON'] ?? ''}/`;

if (!isMainThread) {
  fs.openSync = (path, ...rest) => {
    if (String(path).includes(folder)) process.exit(1);
    return open(path, ...rest);
  };
  syncBuiltinESMExports();
}
