import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EnvironmentFault } from '../../pipeline/base/fault.js';
import { HerePool } from '../../pipeline/run/here-pool.js';

interface Tasks {
  add: { task: string; result: readonly string[] };
  fail: { task: null; result: never };
}

/** A pool of tasks that tell in which order they were done, and how often it was loaded and closed. */
function poolHere() {
  const done: string[] = [];
  const seen = { loaded: 0, closed: 0 };
  const pool = new HerePool<Tasks>(() => {
    seen.loaded++;
    return Promise.resolve({
      handlers: {
        add: async (name) => {
          await new Promise((resolve) => setTimeout(resolve, name === 'slow' ? 20 : 0));
          return [...done, (done.push(name), name)];
        },
        fail: () => {
          throw new EnvironmentFault('the disk is full');
        },
      },
      onComing: () => undefined,
      close: () => {
        seen.closed++;
        return Promise.resolve();
      },
    });
  });
  return { pool, done, seen };
}

describe('tasks that are done in the thread of the run', () => {
  test('are done one after the other, in the order in which they are given', async () => {
    const { pool, seen } = poolHere();
    const results = await Promise.all([pool.run('add', 'slow'), pool.run('add', 'quick')]);
    assert.deepEqual(results, [['slow'], ['slow', 'quick']]);
    assert.equal(seen.loaded, 1);
  });

  test('throw what those of threads throw, and the next one is done', async () => {
    const { pool } = poolHere();
    await assert.rejects(
      pool.run('fail', null),
      (error) => error instanceof EnvironmentFault && error.message === 'the disk is full',
    );
    assert.deepEqual(await pool.run('add', 'next'), ['next']);
  });

  test('let signals and timers through between two of them', async () => {
    const { pool } = poolHere();
    let heard = false;
    const first = pool.run('add', 'one');
    setImmediate(() => (heard = true));
    await Promise.all([first, pool.run('add', 'two')]);
    assert.equal(heard, true);
  });

  test('end with the one under way when the pool is closed, and what was open is closed, once', async () => {
    const { pool, done, seen } = poolHere();
    const under = pool.run('add', 'slow');
    void pool.run('add', 'dropped');
    await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([pool.close(), pool.close()]);
    assert.deepEqual([await under, done, seen.closed], [['slow'], ['slow'], 1]);
  });

  test('fail when what does them cannot be loaded, and the pool can be closed', async () => {
    const pool = new HerePool<Tasks>(() => Promise.reject(new Error('no such module')));
    await assert.rejects(pool.run('add', 'one'), /no such module/);
    await assert.rejects(pool.run('add', 'two'), /no such module/);
    await pool.close();
  });

  test('a pool that never had a task loads nothing', async () => {
    const { pool, seen } = poolHere();
    await pool.close();
    assert.deepEqual(seen, { loaded: 0, closed: 0 });
  });
});
