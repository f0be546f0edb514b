import assert from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { temporaryFolder } from '../helpers/cli.js';
import { turnsOf } from '../helpers/extent.js';

const THREADS = 4;
const ROUNDS = turnsOf(400, 100);

/** Waits in each round until all threads are there, then makes folders beside those of the others, in one that is not there. */
const SCRIPT = `
const { workerData: { module, folder, own, threads, rounds, arrived } } = require('node:worker_threads');
import(module).then(({ makeFolder }) => {
  for (let round = 0; round < rounds; round++) {
    Atomics.add(arrived, 0, 1);
    while (Atomics.load(arrived, 0) < threads * (round + 1));
    makeFolder(folder + '/' + round + '/tables/table-' + own);
  }
});`;

test('threads that make folders in one that each finds missing: all are made, and none fails', async () => {
  const folder = join(temporaryFolder(), 'rounds');
  mkdirSync(folder);
  const module = new URL('../../pipeline/storage/folders.js', import.meta.url).href;
  const arrived = new Int32Array(new SharedArrayBuffer(4));
  const workers = Array.from({ length: THREADS }, (_, own) => {
    const workerData = { module, folder, own, threads: THREADS, rounds: ROUNDS, arrived };
    return new Worker(SCRIPT, { eval: true, workerData });
  });
  const ended = workers.map(
    (worker) =>
      new Promise<void>((resolve, reject) => {
        worker.on('error', reject);
        worker.on('exit', () => {
          resolve();
        });
      }),
  );
  try {
    await Promise.all(ended);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  for (let own = 0; own < THREADS; own++)
    assert.ok(statSync(join(folder, String(ROUNDS - 1), 'tables', `table-${own}`)).isDirectory());
});
