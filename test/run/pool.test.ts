import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, test } from 'node:test';
import { WorkerPool } from '../../pipeline/run/pool.js';
import { temporaryFolder } from '../helpers/cli.js';

/** A worker whose task says what it does: answers, throws, or dies (always, or the first time only). */
const WORKER = `
import { existsSync, writeFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
parentPort.on('message', ({ answer, dieUntil, die, fail }) => {
  if (die === 'exit') process.exit(7);
  if (die === 'throw') throw new Error('broken on purpose');
  if (dieUntil && !existsSync(dieUntil)) { writeFileSync(dieUntil, ''); process.exit(7); }
  if (fail) parentPort.postMessage({ error: { name: 'Error', message: fail } });
  else parentPort.postMessage({ result: answer });
});`;

describe('the pool of worker threads', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'worker.mjs');
  writeFileSync(file, WORKER);

  async function withPool(size: number, use: (pool: WorkerPool, deaths: string[]) => Promise<void>) {
    const deaths: string[] = [];
    const pool = new WorkerPool(pathToFileURL(file), size, null, (reason) => deaths.push(reason));
    try {
      await use(pool, deaths);
    } finally {
      await pool.close();
    }
  }

  test('answers every task, more of them than there are workers', () =>
    withPool(2, async (pool, deaths) => {
      const tasks = Array.from({ length: 20 }, (_, answer) => pool.run({ answer }));
      assert.deepEqual(await Promise.all(tasks), [...Array(20).keys()]);
      assert.deepEqual(deaths, []);
    }));

  test('a worker that dies once costs a retry, and no other task', () =>
    withPool(1, async (pool, deaths) => {
      const mark = join(folder, 'died-once');
      const tasks = [
        pool.run({ answer: 1 }),
        pool.run({ answer: 2, dieUntil: mark }),
        pool.run({ answer: 3 }),
      ];
      assert.deepEqual(await Promise.all(tasks), [1, 2, 3]);
      assert.equal(deaths.length, 1);
      assert.ok(existsSync(mark));
    }));

  for (const die of ['exit', 'throw']) {
    test(`work on which two workers died (${die}) fails with a clear message, and the pool goes on`, () =>
      withPool(2, async (pool, deaths) => {
        await assert.rejects(pool.run({ die }), /two worker threads in a row died on the same work: .+/);
        assert.equal(deaths.length, 2);
        assert.equal(await pool.run({ answer: 'alive' }), 'alive');
      }));
  }

  test('an error of the task is its own, and no worker is replaced', () =>
    withPool(1, async (pool, deaths) => {
      await assert.rejects(pool.run({ fail: 'bad luck' }), /^Error: bad luck$/);
      assert.deepEqual(deaths, []);
    }));
});
