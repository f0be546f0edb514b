import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into a run before the program: counts the calls of the main thread that change names on the disk, or those from
 * the first on whose name has DIE_FROM in it: how many there are before depends on which thread makes a folder first. At call
 * number DIE_AT the process kills itself, before the call is done. Without DIE_AT it writes their names to the file STEPS.
 */

const steps: string[] = [];
const dieAt = Number(process.env['DIE_AT'] ?? 0);
const dieFrom = process.env['DIE_FROM'] ?? '';

type SyncCall = (...args: unknown[]) => unknown;

function watch(name: 'renameSync' | 'linkSync' | 'symlinkSync' | 'rmSync' | 'mkdirSync'): void {
  const calls = fs as unknown as Record<string, SyncCall>;
  const original = calls[name]!;
  calls[name] = (...args) => {
    const step = `${name} ${String(args[0])}`;
    if (steps.length > 0 || step.includes(dieFrom)) steps.push(step);
    if (steps.length > 0 && steps.length === dieAt) process.kill(process.pid, 'SIGKILL');
    return original(...args);
  };
}

if (isMainThread) {
  for (const name of ['renameSync', 'linkSync', 'symlinkSync', 'rmSync', 'mkdirSync'] as const) watch(name);
  syncBuiltinESMExports();
  const file = process.env['STEPS'];
  if (file !== undefined) {
    process.on('exit', () => {
      fs.writeFileSync(file, steps.join('\n'));
    });
  }
}
