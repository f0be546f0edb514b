import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { resolve, sep } from 'node:path';
import process from 'node:process';

/**
 * Loaded before the pipeline (`node --import`, which worker threads inherit): every opening of a file, listing of a folder
 * and stat below the folder OMIDB_BENCH_SLOW_BELOW first waits OMIDB_BENCH_SLOW_MS milliseconds, as a file server does to
 * those who ask it for a name. Reading from an open file does not wait.
 */

const below = resolve(process.env['OMIDB_BENCH_SLOW_BELOW'] ?? '') + sep;
const delay = Number(process.env['OMIDB_BENCH_SLOW_MS'] ?? 0);
const clock = new Int32Array(new SharedArrayBuffer(4));

const CALLS = ['openSync', 'readFileSync', 'readdirSync', 'opendirSync', 'statSync', 'lstatSync'] as const;

type Call = (path: unknown, ...rest: unknown[]) => unknown;

let inside = false;

/** The same function, slower for paths below the folder. What it calls of the others does not wait once more. */
function slowed(call: Call): Call {
  return (path, ...rest) => {
    if (inside || typeof path !== 'string' || !(resolve(path) + sep).startsWith(below))
      return call(path, ...rest);
    Atomics.wait(clock, 0, 0, delay);
    inside = true;
    try {
      return call(path, ...rest);
    } finally {
      inside = false;
    }
  };
}

const calls = fs as unknown as Record<string, Call>;
for (const name of CALLS) calls[name] = slowed(calls[name]!);
syncBuiltinESMExports();
