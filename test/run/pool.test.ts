import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, mock, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { WorkerPool } from '../../pipeline/run/pool.js';
import { startThread } from '../../pipeline/run/worker-thread.js';
import { temporaryFolder } from '../helpers/cli.js';

/** A worker whose task says what it does: answers, waits, throws, or dies (always, or the first time only). */
const WORKER = `
import { existsSync, writeFileSync } from 'node:fs';
import { parentPort, threadId } from 'node:worker_threads';
let told = [];
parentPort.on('message', (message) => {
  if ('settings' in message) return;
  if ('end' in message) {
    writeFileSync(new URL('ended-' + threadId, import.meta.url), '');
    parentPort.close();
    return;
  }
  if ('coming' in message) {
    told = message.coming.map(({ task }) => task.answer);
    return;
  }
  const { name, task: { answer, dieUntil, die, fail, until, tell, stay, who } } = message;
  if (stay) setInterval(() => undefined, 1000);
  while (until && !existsSync(until)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  if (name !== 'act') throw new Error('a task of another name');
  if (die === 'exit') process.exit(7);
  if (die === 'throw') throw new Error('broken on purpose');
  if (dieUntil && !existsSync(dieUntil)) { writeFileSync(dieUntil, ''); process.exit(7); }
  if (fail) parentPort.postMessage({ error: { fault: null, system: null, message: fail, stack: undefined } });
  else parentPort.postMessage({ result: who ? threadId : tell ? told : answer });
});`;

interface Tasks {
  act: {
    task: {
      answer?: unknown;
      dieUntil?: string;
      die?: string;
      fail?: string;
      until?: string;
      tell?: boolean;
      stay?: boolean;
      who?: boolean;
    };
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

  test('keeps one worker for what still comes, ends the others, and starts none for them', async () => {
    const hasEnded = (thread: unknown) => existsSync(join(folder, `ended-${String(thread)}`));
    await withPool(3, async (pool, deaths) => {
      const go = join(folder, 'go');
      const begun = [1, 2, 3].map(() => pool.run('act', { who: true, until: go }));
      writeFileSync(go, '');
      const threads = await Promise.all(begun);
      assert.equal(new Set(threads).size, 3);
      pool.keepOne();
      while (threads.filter(hasEnded).length < 2) await sleep(5);
      const [kept] = threads.filter((thread) => !hasEnded(thread));
      // One that is started in place of another does its share.
      const later = await Promise.all([1, 2, 3].map(() => pool.run('act', { who: true })));
      assert.deepEqual(later, [kept, kept, kept]);
      pool.keepOne();
      assert.equal(await pool.run('act', { who: true }), kept);
      await pool.close();
      assert.ok(hasEnded(kept));
      assert.deepEqual(deaths, []);
    });
  });

  test('answers every task, more of them than there are workers', () =>
    withPool(2, async (pool, deaths) => {
      const tasks = Array.from({ length: 20 }, (_, answer) => pool.run('act', { answer }));
      assert.deepEqual(await Promise.all(tasks), [...Array(20).keys()]);
      assert.deepEqual(deaths, []);
    }));

  test('takes a thread that was started before it, and no further one', async () => {
    const first = startThread(pathToFileURL(file), 1);
    const pool = new WorkerPool<Tasks>(pathToFileURL(file), 1, null, () => undefined, first);
    const ended = once(first, 'exit');
    assert.equal(await pool.run('act', { answer: 'of the first' }), 'of the first');
    await pool.close();
    await ended;
  });

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

  test('a worker is told of tasks that come after the one it does, and does them next', () =>
    withPool(1, async (pool) => {
      const tasks = [1, 2, 3, 4].map((answer) => pool.run('act', { answer, tell: answer > 1 }, true));
      // Each says what the worker was told when it began: two at most, and nothing new when there is nothing more.
      assert.deepEqual(await Promise.all(tasks), [1, [2, 3], [3, 4], [3, 4]]);
    }));

  test('a task that another worker was told of is done by one that has nothing to do', () =>
    withPool(2, async (pool) => {
      const until = join(folder, 'go-on');
      const first = pool.run('act', { answer: 1, until }, true);
      const others = [2, 3, 4, 5].map((answer) => pool.run('act', { answer }, true));
      assert.deepEqual(await Promise.all(others), [2, 3, 4, 5]);
      writeFileSync(until, '');
      assert.equal(await first, 1);
    }));

  test('tasks that nobody can prepare for go before those that a worker was told of', () =>
    withPool(1, async (pool) => {
      const done: number[] = [];
      const run = (answer: number, isForeseen: boolean) =>
        pool.run('act', { answer }, isForeseen).then(() => done.push(answer));
      await Promise.all([run(1, true), run(2, true), run(3, true), run(4, false)]);
      assert.deepEqual(done, [1, 4, 2, 3]);
    }));

  for (const stay of [false, true])
    test(`a worker without a task ends by itself${stay ? ', or is ended when something keeps it' : ''}`, async () => {
      const ends = mock.method(Worker.prototype, 'terminate');
      await withPool(2, async (pool) => {
        await pool.run('act', { stay });
      });
      // The other one has nothing to keep it.
      assert.equal(ends.mock.callCount(), stay ? 1 : 0);
      ends.mock.restore();
    });

  test('a worker that dies takes nothing with it that it was only told of', () =>
    withPool(1, async (pool, deaths) => {
      const deadly = pool.run('act', { die: 'exit' }, true);
      const others = [1, 2, 3].map((answer) => pool.run('act', { answer }, true));
      await assert.rejects(deadly, /two worker threads in a row died/);
      assert.deepEqual(await Promise.all(others), [1, 2, 3]);
      assert.equal(deaths.length, 2);
    }));
});
