import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { breastOutcome } from '../../pipeline/semantics/time/breast-outcome.js';
import { nextEpisode } from '../../pipeline/semantics/time/next-episode.js';
import { episode } from './histories.js';

const screen = { date: '2012-01-01', L: 'ON', R: 'ON' } as const;

describe('the outcome for one breast', () => {
  const later = [
    episode('1', { screening: screen }),
    episode('2', { surgery: { R: 'OM', date: '2013-01-01' } }),
    episode('3', { type: 'CI', diagnosis: '2014-01-01' }),
    episode('4', { surgery: { L: 'OM', R: 'OM' } }),
  ];
  const cases: [string | null, string | null, unknown, unknown][] = [
    ['MP', '2', 'contralateral_prior', 'MP'],
    ['MP', '4', 'MP', 'MP'],
    ['CIP', '3', null, null],
    ['CIP', 'x', null, null],
    ['N', '2', 'N', 'N'],
    ['InvalidPrior', '2', 'InvalidPrior', 'InvalidPrior'],
    [null, null, null, null],
  ];
  for (const [outcome, laterEpisodeId, left, right] of cases) {
    test(`${String(outcome)} by episode ${String(laterEpisodeId)}`, () => {
      const given = { outcome: outcome as 'MP' | null, laterEpisodeId };
      assert.equal(breastOutcome(given, later, 'L'), left);
      assert.equal(breastOutcome(given, later, 'R'), right);
    });
  }
});

describe('the next episode', () => {
  const [a, b, c] = [
    episode('a', { screening: { date: '2013-01-01' } }),
    episode('b', { screening: { date: '2012-01-02' } }),
    episode('c', { opened: '2013-01-01' }),
  ];
  test('in order of date, ties in the order of the file; 365 days are 12 months', () => {
    const all = [a, b, c];
    assert.deepEqual(nextEpisode(b, all), { episodeId: 'a', months: 12 });
    assert.deepEqual(nextEpisode(a, all), { episodeId: 'c', months: 0 });
    assert.equal(nextEpisode(c, all), null);
  });
  test('none where an episode has no date', () => {
    assert.equal(nextEpisode(b, [a, b, episode('d', {})]), null);
  });
});
