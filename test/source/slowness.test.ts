import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Slowness } from '../../pipeline/source/slowness.js';

/** A disk whose calls take these milliseconds in turn, and a computation between them. */
function afterCalls(callMs: (i: number) => number, betweenMs: number, calls: number): Slowness {
  const slowness = new Slowness();
  let now = 0;
  for (let i = 0; i < calls; i++) {
    const start = now;
    now += callMs(i);
    slowness.add(start, now, 1);
    now += betweenMs;
  }
  return slowness;
}

describe('a disk is slow', () => {
  test('when each call takes 2 ms: known after two measurements of 300 ms', () => {
    assert.equal(afterCalls(() => 2, 0.1, 290).isSlow, false);
    assert.equal(afterCalls(() => 2, 0.1, 310).isSlow, true);
  });

  test('when one call in a hundred takes half a second, and the others none', () => {
    assert.ok(afterCalls((i) => (i % 100 === 99 ? 500 : 0.01), 0.1, 1000).isSlow);
  });

  test('and stays so when it answers at once later', () => {
    assert.ok(afterCalls((i) => (i < 400 ? 2 : 0.01), 0.1, 10_000).isSlow);
  });
});

describe('a disk is not slow', () => {
  test('whose files are in the page cache', () => {
    assert.equal(afterCalls(() => 0.01, 0.1, 10_000).isSlow, false);
  });

  test('that has to spin up once', () => {
    assert.equal(afterCalls((i) => (i === 0 ? 5000 : 0.01), 0.1, 10_000).isSlow, false);
  });

  test('when the machine is busy: all takes 30 times as long, computing too', () => {
    assert.equal(afterCalls(() => 0.3, 3, 10_000).isSlow, false);
  });

  test('when others take the core for 5 to 95 ms again and again, in calls and in computations', () => {
    // The numbers of Park and Miller: the same in each run.
    let seed = 1;
    const random = (least: number, most: number) => {
      seed = (seed * 16_807) % 2_147_483_647;
      return least + ((most - least) * seed) / 2_147_483_647;
    };
    const slowness = new Slowness();
    let now = 0;
    let left = 3;
    const work = (ms: number) => {
      now += ms;
      left -= ms;
      if (left > 0) return;
      now += random(5, 95);
      left = random(1, 5);
    };
    for (let i = 0; i < 100_000; i++) {
      const start = now;
      work(0.02);
      slowness.add(start, now, 1);
      work(0.05);
    }
    assert.equal(slowness.isSlow, false);
  });

  test('for what lies between two tasks, or was counted before', () => {
    const slowness = new Slowness();
    for (let i = 0; i < 100; i++) {
      slowness.add(1000 * i, 1000 * i + 49, 10);
      slowness.pause();
    }
    assert.equal(slowness.isSlow, false);
  });
});
