import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, test } from 'node:test';
import { scratchFolder } from '../sample/tree.js';

const SLOW_FILES = new URL('../../scripts/bench/preload/slow-files.js', import.meta.url);
const scratch = scratchFolder();
const below = join(scratch, 'slow');
const beside = join(scratch, 'slow-not');
for (const folder of [below, beside]) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'file'), 'text');
}

/** A thread that counts its waits, then uses files with names imported as the pipeline does. */
const THREAD = `
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { isMainThread, Worker } from 'node:worker_threads';
let waits = [];
Atomics.wait = (array, index, value, ms) => void waits.push(ms);
const counted = (call) => { waits = []; call(); return waits; };
const use = (folder) => ({
  list: counted(() => readdirSync(folder)),
  stat: counted(() => statSync(folder + '/file')),
  whole: counted(() => readFileSync(folder + '/file')),
  openOnly: counted(() => {
    const file = openSync(folder + '/file');
    fstatSync(file);
    readSync(file, Buffer.alloc(4));
    closeSync(file);
  }),
});
const [below, beside] = process.argv.slice(2);
console.log(JSON.stringify({ isMainThread, below: use(below), beside: use(beside) }));
if (isMainThread) new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
`;

describe('the imitation of a slow file system', () => {
  test('waits at each open, listing and stat below its folder only, in worker threads too', () => {
    const program = join(scratch, 'thread.mjs');
    writeFileSync(program, THREAD);
    const args = ['--import', SLOW_FILES.href, program, below, beside];
    const env = { ...process.env, OMIDB_BENCH_SLOW_BELOW: below, OMIDB_BENCH_SLOW_MS: '7' };
    const lines = execFileSync(process.execPath, args, { encoding: 'utf8', env }).trim().split('\n');
    const once = { list: [7], stat: [7], whole: [7], openOnly: [7] };
    const never = { list: [], stat: [], whole: [], openOnly: [] };
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as unknown),
      [true, false].map((isMainThread) => ({ isMainThread, below: once, beside: never })),
    );
  });
});
