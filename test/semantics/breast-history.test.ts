import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  breastAtStudy,
  breastHistory,
  daysToLastFollowUp,
  lastFollowUpDate,
} from '../../pipeline/semantics/time/breast-history.js';
import type { EpisodeHistory } from '../../pipeline/semantics/time/model.js';
import { days, episode } from './histories.js';

const screen = { date: '2012-01-01', L: 'ON', R: 'ON' } as const;

describe('surgery, biopsy and follow-up', () => {
  const episodes = [
    episode('1', {
      screening: screen,
      biopsy_wide: { lesions: [{ at: 'R1', date: '2012-01-20' }] },
      biopsy_fine: { R: 'OB', lesions: [{ at: 'R1', date: '2012-01-15' }] },
      surgery: {
        R: 'OM',
        lesions: [
          { at: 'R1', date: '2012-03-01' },
          { at: 'R2', date: '2012-06-01' },
        ],
      },
    }),
    episode('2', { assessment: { R: 'ON', date: '2014-02-02' }, screening: { date: '2014-01-02' } }),
    episode('3', { clinical: { date: '2016-01-01' } }),
  ];

  test('first dates, and the last day seen', () => {
    const right = breastHistory(episodes, 'R');
    assert.equal(right.firstSurgeryDate, days('2012-03-01'));
    assert.equal(right.firstBiopsyDate, days('2012-01-15'));
    const left = breastHistory(episodes, 'L');
    assert.deepEqual([left.firstSurgeryDate, left.firstBiopsyDate], [null, null]);
    assert.equal(lastFollowUpDate(episodes), days('2014-02-02'));
    assert.equal(lastFollowUpDate([episode('3', { clinical: { date: '2016-01-01' } })]), null);
    assert.equal(daysToLastFollowUp(days('2014-02-02'), days('2014-02-01')), 1);
    assert.equal(daysToLastFollowUp(null, 1), null);
    assert.equal(daysToLastFollowUp(1, null), null);
  });

  // 2012 is a leap year: 1 January to 1 March are 60 days, to 1 June 152.
  const at: [string, string | null, unknown[]][] = [
    ['without a date nothing can be told', null, [null, null, null, null]],
    ['before', '2012-01-01', [60, false, null, false]],
    ['on the day of the biopsy', '2012-01-15', [46, false, null, false]],
    ['after the biopsy', '2012-01-16', [45, false, null, true]],
    ['on the day of the operation', '2012-03-01', [0, false, null, true]],
    ['the day after', '2012-03-02', [-1, true, 1, true]],
    ['after the second operation', '2012-06-11', [-102, true, 10, true]],
  ];
  for (const [name, date, expected] of at) {
    test(`study ${name}`, () => {
      const study = breastAtStudy(breastHistory(episodes, 'R'), date === null ? null : days(date));
      assert.deepEqual(
        [study.daysToCancer, study.isPostOp, study.daysSinceSurgery, study.isPostBiopsy],
        expected,
      );
    });
  }

  test('the other breast was not operated on', () => {
    const study = breastAtStudy(breastHistory(episodes, 'L'), days('2013-01-01'));
    assert.deepEqual(study, {
      daysToCancer: null,
      isPostOp: false,
      daysSinceSurgery: null,
      isPostBiopsy: false,
    });
  });

  const unknown: [string, EpisodeHistory, unknown[]][] = [
    ['surgery of this breast without any date', episode('1', { surgery: { R: 'OM' } }), [null, null]],
    [
      'surgery of neither breast by name',
      episode('1', { surgery: { date: '2012-03-01', L: 'ON', R: 'ON' } }),
      [null, null],
    ],
    [
      'surgery of neither breast by name, later',
      episode('1', { surgery: { date: '2014-03-01' } }),
      [false, null],
    ],
    ['surgery of the other breast without any date', episode('1', { surgery: { L: 'OB' } }), [false, null]],
    [
      'a lesion without a date, the event with one',
      episode('1', { surgery: { date: '2012-12-31', lesions: [{ at: 'R1' }] } }),
      [true, 1],
    ],
  ];
  for (const [name, history, expected] of unknown) {
    test(name, () => {
      const { isPostOp, daysSinceSurgery } = breastAtStudy(breastHistory([history], 'R'), days('2013-01-01'));
      assert.deepEqual([isPostOp, daysSinceSurgery], expected);
    });
  }

  test('a dated surgery and one without a date: post-op, but not since when', () => {
    const both = [
      episode('1', { surgery: { R: 'OM', date: '2012-03-01' } }),
      episode('2', { surgery: { R: 'OM' } }),
    ];
    const { isPostOp, daysSinceSurgery } = breastAtStudy(breastHistory(both, 'R'), days('2013-01-01'));
    assert.deepEqual([isPostOp, daysSinceSurgery], [true, null]);
  });

  test('the shared case of an image a year after surgery in the same episode', () => {
    const one = [
      episode('11', {
        screening: screen,
        surgery: { R: 'OM', lesions: [{ at: 'R1', date: '2012-03-01', opinion: 'H5', invasiveType: 'IN' }] },
      }),
    ];
    const right = breastHistory(one, 'R');
    assert.deepEqual(breastAtStudy(right, days('2012-01-01')).isPostOp, false);
    assert.deepEqual(breastAtStudy(right, days('2013-03-01')), {
      daysToCancer: -365,
      isPostOp: true,
      daysSinceSurgery: 365,
      isPostBiopsy: false,
    });
    assert.equal(breastAtStudy(breastHistory(one, 'L'), days('2013-03-01')).isPostOp, false);
  });
});

describe('properties', () => {
  const side = fc.constantFrom('L', 'R');
  const date = fc.option(
    fc.integer({ min: 0, max: 3000 }).map((day) => new Date(day * 86_400_000 * 3).toISOString().slice(0, 10)),
    { nil: undefined },
  );
  const opinion = fc.option(fc.constantFrom('ON', 'OB', 'OM', 'OS', 'OU'), { nil: undefined });
  const lesion = fc
    .record({
      side,
      number: fc.integer({ min: 1, max: 3 }),
      date,
      opinion: fc.constantFrom('B5', 'B2', 'H5', undefined),
      type: fc.constantFrom('a', 'b', 'c', undefined),
    })
    .map(({ side: s, number, ...rest }) => ({ at: `${s}${number}`, ...rest }));
  const event = fc.option(
    fc.record({
      date,
      L: opinion,
      R: opinion,
      lesions: fc.uniqueArray(lesion, { selector: ({ at }) => at, maxLength: 3 }),
    }),
    { nil: undefined },
  );
  const histories = fc
    .array(
      fc.record({
        type: fc.constantFrom('R', 'CI', 'F', 'G'),
        diagnosis: date,
        screening: event,
        assessment: event,
        biopsy_wide: event,
        biopsy_fine: event,
        surgery: event,
        interval_cancer: event,
      }),
      { maxLength: 4 },
    )
    .map((all) => all.map((short, i) => episode(`e${i}`, clean(short) as never)));

  test('days to cancer fall by one when the study is a day later', () => {
    fc.assert(
      fc.property(histories, side, fc.integer({ min: 0, max: 9000 }), (episodes, of, study) => {
        const history = breastHistory(episodes, of);
        const [today, tomorrow] = [breastAtStudy(history, study), breastAtStudy(history, study + 1)];
        if (today.daysToCancer === null) assert.equal(tomorrow.daysToCancer, null);
        else assert.equal(tomorrow.daysToCancer, today.daysToCancer - 1);
      }),
    );
  });

  test('the order of the episodes does not move the first dates', () => {
    fc.assert(
      fc.property(histories, side, (episodes, of) => {
        const [one, other] = [episodes, [...episodes].reverse()].map((all) => breastHistory(all, of as 'L'));
        assert.equal(one!.firstCancer?.date, other!.firstCancer?.date);
        assert.equal(one!.firstInvasiveDate, other!.firstInvasiveDate);
        assert.equal(one!.firstSurgeryDate, other!.firstSurgeryDate);
      }),
    );
  });

  test('nothing that is said of the left breast changes what is known of the right', () => {
    // Of an interval cancer the record of one breast counts only where tissue of neither is malignant: left out.
    const opinions = fc.constantFrom(null, 'ON', 'OB', 'OM', 'OS', 'OU');
    const finding = fc.record({
      opinion: fc.constantFrom(null, 'B5', 'H5', 'B2'),
      type: fc.constantFrom(null, 'a', 'b'),
    });
    fc.assert(
      fc.property(histories, opinions, finding, (all, opinion, { opinion: ofLesion, type }) => {
        const episodes = all.map((item) => ({ ...item, type: 'R' }));
        const changed = episodes.map((item) => ({
          ...item,
          events: item.events.map((event) => ({ ...event, opinions: { ...event.opinions, L: opinion } })),
          lesions: item.lesions.map((found) => (found.side === 'R' ? found : { ...found, wideBiopsy: null })),
          procedures: item.procedures.map((found) =>
            found.side === 'R' ? found : { ...found, opinion: ofLesion, malignancyType: type },
          ),
        })) as EpisodeHistory[];
        const [before, after] = [breastHistory(episodes, 'R'), breastHistory(changed, 'R')];
        assert.deepEqual(after.firstCancer, before.firstCancer);
        assert.equal(after.firstInvasiveDate, before.firstInvasiveDate);
        assert.equal(after.firstSurgeryDate, before.firstSurgeryDate);
        assert.equal(after.firstBiopsyDate, before.firstBiopsyDate);
      }),
    );
  });
});

/** Without the keys that have no value, as a file has none. */
function clean(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
