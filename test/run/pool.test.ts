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
parentPort.on('message', ({ name, task: { answer, dieUntil, die, fail } }) => {
  if (name !== 'act') throw new Error('a task of another name');
  if (die === 'exit') process.exit(7);
  if (die === 'throw') throw new Error('broken on purpose');
  if (dieUntil && !existsSync(dieUntil)) { writeFileSync(dieUntil, ''); process.exit(7); }
  if (fail) parentPort.postMessage({ error: { fault: null, system: null, message: fail, stack: undefined } });
  else parentPort.postMessage({ result: answer });
});`;

interface Tasks {
  act: {
    task: { answer?: unknown; dieUntil?: string; die?: string; fail?: string };
    result: unknown;
  };
}

describe('the pool of worker threads', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'worker.mjs');
  writeFileSync(file, WORKER);

  async function withPool(size: number, use: (pool: WorkerPool<Tasks>, deaths: string[]) => Promise<void>) {
    const deaths: string[] = [];
    const pool = new WorkerPool<Tasks>(pathToFileURL(file), size, null, (reason) => deaths.push(reason));
    try {
      await use(pool, deaths);
    } finally {
      await pool.close();
    }
  }

  test('answers every task, more of them than there are workers', () =>
    withPool(2, async (pool, deaths) => {
      const tasks = Array.from({ length: 20 }, (_, answer) => pool.run('act', { answer }));
      assert.deepEqual(await Promise.all(tasks), [...Array(20).keys()]);
      assert.deepEqual(deaths, []);
    }));

  test('a worker that dies once costs a retry, and no other task', () =>
    withPool(1, async (pool, deaths) => {
      const mark = join(folder, 'died-once');
      const tasks = [
        pool.run('act', { answer: 1 }),
        pool.run('act', { answer: 2, dieUntil: mark }),
        pool.run('act', { answer: 3 }),
      ];
      assert.deepEqual(await Promise.all(tasks), [1, 2, 3]);
      assert.equal(deaths.length, 1);
      assert.ok(existsSync(mark));
    }));

  for (const die of ['exit', 'throw']) {
    test(`work on which two workers died (${die}) fails with a clear message, and the pool goes on`, () =>
      withPool(2, async (pool, deaths) => {
        await assert.rejects(
          pool.run('act', { die }),
          /two worker threads in a row died on the same work: .+/,
        );
        assert.equal(deaths.length, 2);
        // More of them than were lost: each was replaced.
        for (let i = 0; i < 3; i++) await assert.rejects(pool.run('act', { die }), /two worker threads/);
        assert.equal(await pool.run('act', { answer: 'alive' }), 'alive');
      }));
  }

  test('an error of the task is its own, and no worker is replaced', () =>
    withPool(1, async (pool, deaths) => {
      await assert.rejects(pool.run('act', { fail: 'bad luck' }), /^Error: bad luck$/);
      assert.deepEqual(deaths, []);
    }));
});
