import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { episodeOutcome, type OutcomeMonths } from '../../pipeline/semantics/outcome.js';
import { facts, make } from './helpers.js';
import { check, outcomeOf } from './outcome-cases.js';

// A month is 365/12 days: 1 is 30.4, 6 is 182.5, 12 is 365, 24 is 730, 36 is 1095, 39 is 1186.25.

describe('step 1: what the episode shows by itself', () => {
  check([
    ['status CI', { A: make.intervalCancer(0) }, {}, ['CI', null, 'intervalCancer']],
    [
      'status CI needs no date',
      { A: { EpisodeType: 'CI' }, B: make.undated() },
      {},
      ['CI', null, 'intervalCancer'],
    ],
    ['type CI otherwise', { A: make.notIntervalCancer(0) }, {}, ['InvalidEvents', null, 'notIntervalCancer']],
    ['status M', { A: make.malignant(0) }, {}, ['M', null, 'malignant']],
    [
      'status M stands before a later cancer and before missing dates',
      { A: make.malignant(0), B: make.intervalCancer(9), C: make.undated() },
      {},
      ['M', null, 'malignant'],
    ],
    ['no events', { A: make.noEvents(0), B: make.normal(900) }, {}, ['InvalidEvents', null, 'noEvents']],
    ['not valid', { A: make.invalid(0), B: make.normal(900) }, {}, ['InvalidEvents', null, 'notValid']],
    [
      'not valid stands before missing dates',
      { A: make.invalid(0), B: make.undated() },
      {},
      ['InvalidEvents', null, 'notValid'],
    ],
    [
      'benign, but not valid',
      { A: { ...make.benign(0), ASSESSMENT: {} } },
      {},
      ['InvalidEvents', null, 'notValid'],
    ],
  ]);
});

describe('step 2: dates and later episodes', () => {
  check([
    ['the episode itself has no sort date', { A: make.undated() }, {}, ['DateError', null, 'noSortDate']],
    ['another has none', { A: make.normal(0), B: make.undated() }, {}, ['DateError', null, 'noSortDate']],
    [
      'missing dates stand before a later episode that is not valid',
      { A: make.normal(0), B: make.invalid(9), C: make.undated() },
      {},
      ['DateError', null, 'noSortDate'],
    ],
    [
      'any later episode not valid, however late',
      { A: make.normal(0), B: make.normal(900), C: make.invalid(9000) },
      {},
      ['InvalidEvents', null, 'laterNotValid'],
    ],
    [
      'not valid stands before a cancer prior',
      { A: make.normal(0), B: make.malignant(9), C: make.invalid(9000) },
      {},
      ['InvalidEvents', null, 'laterNotValid'],
    ],
    [
      'an earlier one not valid does not matter',
      { B: make.invalid(-9), A: make.normal(0) },
      {},
      ['N', null, 'normal'],
    ],
    [
      'no events at all is valid here',
      { A: make.normal(0), B: make.noEvents(900) },
      {},
      ['N', null, 'normal'],
    ],
    [
      'on the same day, the one after in the file is later',
      { A: make.normal(0), B: make.invalid(0) },
      {},
      ['InvalidEvents', null, 'laterNotValid'],
    ],
    [
      'on the same day, the one before in the file is not',
      { B: make.invalid(0), A: make.normal(0) },
      {},
      ['N', null, 'normal'],
    ],
    [
      'the file may hold later ones first',
      { B: make.invalid(9), A: make.normal(0) },
      {},
      ['InvalidEvents', null, 'laterNotValid'],
    ],
  ]);
});

describe('steps 3 and 6: no later episode', () => {
  check([
    ['B, nothing set', { A: make.benign(0) }, {}, ['B', null, 'benign']],
    ['B, normal follow-up set only', { A: make.benign(0) }, { normalFollowUp: 12 }, ['B', null, 'benign']],
    [
      'B, both set',
      { A: make.benign(0) },
      { normalFollowUp: 12, benignFollowUp: 12 },
      ['NoSubsequentEpisode', null, 'noLaterEpisode'],
    ],
    // Benign set, normal unset: the normal class, where status B is an error.
    [
      'B, benign follow-up set only',
      { A: make.benign(0) },
      { benignFollowUp: 12 },
      [null, null, 'noNormalClass'],
    ],
    ['N', { A: make.normal(0) }, {}, ['N', null, 'normal']],
    ['NA', { A: make.assessed(0) }, { benignFollowUp: 12 }, ['NA', null, 'normal']],
    ['NAB', { A: make.biopsied(0) }, { ciPrior: 1, cancerPrior: 1 }, ['NAB', null, 'normal']],
    [
      'N, normal follow-up set',
      { A: make.normal(0) },
      { normalFollowUp: 0 },
      ['NoSubsequentEpisode', null, 'noLaterEpisode'],
    ],
    ['no status is an error', { A: make.operated(0) }, {}, [null, null, 'noNormalClass']],
    [
      'no status, normal follow-up set',
      { A: make.operated(0) },
      { normalFollowUp: 1 },
      ['NoSubsequentEpisode', null, 'noLaterEpisode'],
    ],
    ['a cancer before is not after', { B: make.malignant(-9), A: make.normal(0) }, {}, ['N', null, 'normal']],
  ]);
});

describe('combinations of the four options', () => {
  // A normal screen, a benign one at 2 years, an interval cancer at 3 years and 5 days (1100 days), malignant at 5 years.
  const client = {
    A: make.normal(0),
    B: make.benign(730),
    C: make.intervalCancerSeen(1100),
    D: make.malignant(1825),
  };

  // B to C: 370 days = 12.16 months. B to D: 1095 days = 36 months.
  const cases: [string, Partial<OutcomeMonths>, Record<'A' | 'B', [string, string | null]>][] = [
    // A: unset windows are 24 months = 730 days, in which there is only B. B: next is C.
    ['nothing set', {}, { A: ['N', null], B: ['CIP', 'C'] }],
    // A: 36 months = 1095 days, no cancer. B: 36 months hold C.
    ['CI prior 36', { ciPrior: 36 }, { A: ['N', null], B: ['CIP', 'C'] }],
    // A: 37 months = 1125.4 days hold C.
    ['CI prior 37', { ciPrior: 37 }, { A: ['CIP', 'C'], B: ['CIP', 'C'] }],
    // A: the longer window is 39 months = 1186 days; C is beyond its own, which is 24. B: its CI window is 13 months.
    ['cancer prior 39', { cancerPrior: 39 }, { A: ['InvalidPrior', 'C'], B: ['CIP', 'C'] }],
    // B: 12 months = 365 days do not hold C, but the unset cancer window is ceil(12.16) = 13 months = 395 days.
    ['CI prior 12', { ciPrior: 12 }, { A: ['N', null], B: ['InvalidPrior', 'C'] }],
    ['CI prior 12, cancer prior 12', { ciPrior: 12, cancerPrior: 12 }, { A: ['N', null], B: ['B', null] }],
    // A: B at 730 days is beyond 12 months and no cancer. B: C is the first beyond 12 months, a cancer.
    [
      'priors 12, follow-ups 12',
      { ciPrior: 12, cancerPrior: 12, normalFollowUp: 12, benignFollowUp: 12 },
      { A: ['N', 'B'], B: ['InvalidPrior', 'C'] },
    ],
    // A: 24 months = 730 days: B is within, C the first beyond.
    ['normal follow-up 24', { normalFollowUp: 24 }, { A: ['InvalidPrior', 'C'], B: ['CIP', 'C'] }],
    // A: within 37 months is C.
    ['normal follow-up 37', { normalFollowUp: 37 }, { A: ['InvalidPrior', 'C'], B: ['CIP', 'C'] }],
    ['benign follow-up alone does not touch A', { benignFollowUp: 99 }, { A: ['N', null], B: ['CIP', 'C'] }],
    [
      'all set',
      { ciPrior: 37, cancerPrior: 60, normalFollowUp: 24, benignFollowUp: 24 },
      { A: ['CIP', 'C'], B: ['CIP', 'C'] },
    ],
  ];
  for (const [name, months, expected] of cases) {
    test(name, () => {
      for (const id of ['A', 'B'] as const) {
        const { outcome, laterEpisodeId } = outcomeOf(id, client, months);
        assert.deepEqual([outcome, laterEpisodeId], expected[id], `episode ${id}`);
      }
      assert.equal(outcomeOf('C', client, months).outcome, 'CI');
      assert.equal(outcomeOf('D', client, months).outcome, 'M');
    });
  }

  test('a course of five: each screen rests on what follows it', () => {
    // Screens a year apart; assessed at 365, benign at 730, type CI with a benign biopsy at 1095, normal at 1460.
    const course = {
      A: make.normal(0),
      B: make.assessed(365),
      C: make.benign(730),
      D: make.notIntervalCancer(1095),
      E: make.normal(1460),
    };
    const months = { normalFollowUp: 6, benignFollowUp: 6 };
    const outcomes = ['A', 'B', 'C', 'D', 'E'].map((id) => {
      const { outcome, laterEpisodeId } = outcomeOf(id, course, months);
      return [outcome, laterEpisodeId];
    });
    assert.deepEqual(outcomes, [
      ['N', 'B'],
      ['NA', 'C'],
      ['InvalidEvents', 'D'], // 12 * 365 / 365 = 12 months hold D, which is no interval cancer.
      ['InvalidEvents', null],
      ['NoSubsequentEpisode', null],
    ]);
  });
});

describe('order of the file', () => {
  const kinds = Object.keys(make) as (keyof typeof make)[];
  const episode = fc.constantFrom(...kinds.filter((kind) => kind !== 'undated'));
  const months = fc.option(fc.integer({ min: 0, max: 60 }), { nil: null });
  const options = fc.record({
    ciPrior: months,
    cancerPrior: months,
    normalFollowUp: months,
    benignFollowUp: months,
  });
  // Different days: with ties the order of the file counts.
  const client = fc.uniqueArray(fc.tuple(episode, fc.integer({ min: 0, max: 3000 })), {
    selector: ([, days]) => days,
    minLength: 1,
    maxLength: 5,
  });

  test('outcomes do not depend on it where no two episodes are of one day', () => {
    fc.assert(
      fc.property(client, options, (drawn, chosen) => {
        const named = drawn.map(([kind, days], i) => [`E${i}`, make[kind](days)] as const);
        const forward = facts(Object.fromEntries(named));
        const backward = facts(Object.fromEntries([...named].reverse()));
        for (const [id] of named) {
          const [one, other] = [forward, backward].map((all) =>
            episodeOutcome(
              all.find(({ episodeId }) => episodeId === id)!,
              all,
              chosen,
            ),
          );
          assert.deepEqual(one, other);
        }
      }),
      { numRuns: 200 },
    );
  });
});
