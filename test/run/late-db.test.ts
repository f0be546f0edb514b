import assert from 'node:assert/strict';
import { describe, mock, test, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { DuckDb } from '../../pipeline/engine/duckdb.js';
import { LateDb } from '../../pipeline/run/late-db.js';

/** A database that only counts. */
function counting(fails = false) {
  const calls = { opened: 0, gaveBack: 0, closed: 0 };
  const db = {
    giveBackFreed: () => {
      calls.gaveBack++;
      return fails ? Promise.reject(new Error('interrupted')) : Promise.resolve();
    },
    close: () => {
      calls.closed++;
      return Promise.resolve();
    },
  } as unknown as DuckDb;
  const late = new LateDb(() => {
    calls.opened++;
    return Promise.resolve(db);
  });
  return { db, calls, late };
}

async function seconds(context: TestContext, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    context.mock.timers.tick(1000);
    // What follows a promise comes before the next turn.
    await turn();
  }
}

describe('the database of the end of a run', () => {
  test('is opened when it is taken, once, and closed once', async () => {
    const { db, calls, late } = counting();
    assert.equal(calls.opened, 0);
    assert.equal(await late.take(), db);
    assert.equal(await late.take(), db);
    await late.close();
    assert.deepEqual(calls, { opened: 1, gaveBack: 0, closed: 1 });
  });

  test('is not opened for a run that ends without it', async () => {
    const { calls, late } = counting();
    late.giveBackFreed();
    await late.close();
    assert.deepEqual(calls, { opened: 0, gaveBack: 0, closed: 0 });
  });

  test('gives back each second what threads freed, and once more when it is taken', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const { calls, late } = counting();
    late.giveBackFreed();
    await seconds(context, 3);
    assert.deepEqual(calls, { opened: 1, gaveBack: 3, closed: 0 });
    await late.take();
    await seconds(context, 3);
    await late.close();
    assert.deepEqual(calls, { opened: 1, gaveBack: 4, closed: 1 });
  });

  test('that is interrupted gives nothing back, and nobody hears of it', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const { calls, late } = counting(true);
    late.giveBackFreed();
    await seconds(context, 3);
    assert.equal(calls.gaveBack, 1);
    await late.close();
    assert.equal(calls.closed, 1);
  });

  test('that cannot be opened says so to whoever takes it, each time', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const open = mock.fn(() => Promise.reject<DuckDb>(new Error('no such library')));
    const late = new LateDb(open);
    late.giveBackFreed();
    await seconds(context, 1);
    await assert.rejects(late.take(), /no such library/);
    await assert.rejects(late.take(), /no such library/);
    await late.close();
    assert.equal(open.mock.callCount(), 1);
  });
});
