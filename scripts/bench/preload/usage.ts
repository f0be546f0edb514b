import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded before a measured program (`node --import`): when the process ends, the kernel's own account of it, all threads
 * together, goes to the file that OMIDB_BENCH_USAGE names.
 */
const file = process.env['OMIDB_BENCH_USAGE'];
if (isMainThread && file !== undefined) {
  process.on('exit', () => {
    writeFileSync(file, JSON.stringify(process.resourceUsage()));
  });
}
