import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { excess, median, ratio, spread, unrest } from '../../scripts/bench/statistics.js';

describe('the statistics of a benchmark', () => {
  test('refuse to speak of no values', () => {
    assert.throws(() => median([]), RangeError);
    assert.throws(() => spread([]), RangeError);
    assert.throws(() => ratio([], []), RangeError);
  });

  test('refuse a ratio of series that were not run in turn', () => {
    assert.throws(() => ratio([1, 2], [1]), /2 rounds against 1/);
  });

  test('take the middle value by size, not by place or as text', () => {
    assert.equal(median([10, 9, 100]), 10);
    assert.equal(median([4]), 4);
    assert.equal(median([8, 2, 100, 4]), 6);
    const values = [3, 1, 2];
    assert.deepEqual(spread(values), { median: 2, min: 1, max: 3 });
    assert.deepEqual(values, [3, 1, 2]);
  });

  test('give the ratio of the medians, and the range of the ratios of rounds', () => {
    // Rounds: 6/2, 4/4, 10/5; medians 6 and 4.
    assert.deepEqual(ratio([6, 4, 10], [2, 4, 5]), { median: 1.5, min: 1, max: 3 });
  });

  test('say how far values lie apart', () => {
    assert.equal(excess([400, 500, 440]), 0.25);
    assert.equal(unrest([1.9, 2, 2.3, 2, 2.1]), (2.3 - 1.9) / 2);
  });
});
