import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  breastAtStudy,
  breastHistory,
  daysToLastFollowUp,
  lastFollowUpDate,
} from '../../pipeline/semantics/time/breast-history.js';
import { breastOutcome } from '../../pipeline/semantics/time/breast-outcome.js';
import type { EpisodeHistory } from '../../pipeline/semantics/time/model.js';
import { nextEpisode } from '../../pipeline/semantics/time/next-episode.js';
import { days, episode } from './histories.js';

const screen = { date: '2012-01-01', L: 'ON', R: 'ON' } as const;

/** Date, episode, mode and from of the first cancer. */
function first(episodes: EpisodeHistory[], side: 'L' | 'R') {
  const { firstCancer } = breastHistory(episodes, side);
  return firstCancer === null
    ? null
    : [firstCancer.date, firstCancer.episodeId, firstCancer.mode, firstCancer.from];
}

describe('the first cancer of a breast', () => {
  const cases: [string, EpisodeHistory[], unknown][] = [
    ['no episodes', [], null],
    ['a normal screen', [episode('1', { screening: screen })], null],
    [
      'OM of surgery, with the day of the lesion',
      [
        episode('1', {
          screening: screen,
          surgery: { R: 'OM', lesions: [{ at: 'R1', date: '2012-03-01' }] },
        }),
      ],
      [days('2012-03-01'), '1', 'screen', 'surgery: opinion OM'],
    ],
    [
      'the earliest day of that side in the event, whatever the other side and the event say',
      [
        episode('1', {
          screening: screen,
          biopsy_wide: {
            R: 'OM',
            date: '2012-01-05',
            lesions: [
              { at: 'L1', date: '2012-01-04' },
              { at: 'R1', date: '2012-02-09' },
              { at: 'R2', date: '2012-02-08' },
            ],
          },
        }),
      ],
      [days('2012-02-08'), '1', 'screen', 'biopsy_wide: opinion OM'],
    ],
    [
      "else the event's day",
      [episode('1', { biopsy_fine: { R: 'OM', date: '2012-02-07' } })],
      [days('2012-02-07'), '1', 'other', 'biopsy_fine: opinion OM'],
    ],
    [
      'else the day of diagnosis',
      [episode('1', { type: 'CI', diagnosis: '2013-05-06', surgery: { R: 'OM' } })],
      [days('2013-05-06'), '1', 'interval', 'surgery: opinion OM'],
    ],
    [
      "the event's day before the day of diagnosis",
      [episode('1', { type: 'CI', diagnosis: '2013-05-06', surgery: { R: 'OM', date: '2013-06-07' } })],
      [days('2013-06-07'), '1', 'interval', 'surgery: opinion OM'],
    ],
    [
      'else the sort date',
      [episode('1', { opened: '2012-01-02', surgery: { R: 'OM' } })],
      [days('2012-01-02'), '1', 'other', 'surgery: opinion OM'],
    ],
    ['no date at all', [episode('1', { surgery: { R: 'OM' } })], [null, '1', 'other', 'surgery: opinion OM']],
    [
      'OM of an assessment is no tissue',
      [episode('1', { assessment: { R: 'OM', date: '2012-01-02' } })],
      null,
    ],
    ['cancer of the other breast', [episode('1', { surgery: { L: 'OM', date: '2012-01-02' } })], null],
    ...(['biopsy_wide B5', 'biopsy_fine C5', 'surgery H5'] as const).map(
      (what): [string, EpisodeHistory[], unknown] => {
        const [event, opinion] = what.split(' ') as ['surgery', string];
        const lesions = [{ at: 'R2', date: '2012-02-01', opinion }] as const;
        return [
          `lesion with ${what}`,
          [episode('1', { screening: screen, [event]: { R: 'ON', lesions } })],
          [days('2012-02-01'), '1', 'screen', `${event} of lesion 2: opinion ${opinion}`],
        ];
      },
    ),
    ['lesion with B4', [episode('1', { biopsy_wide: { lesions: [{ at: 'R1', opinion: 'B4' }] } })], null],
    [
      'B5 in an assessment is no tissue',
      [episode('1', { assessment: { lesions: [{ at: 'R1', opinion: 'B5' }] } })],
      null,
    ],
    [
      'type a',
      [episode('1', { biopsy_wide: { lesions: [{ at: 'R1', date: '2012-02-01', type: 'a' }] } })],
      [days('2012-02-01'), '1', 'other', 'biopsy_wide of lesion 1: malignancy type a'],
    ],
    [
      'type b',
      [episode('1', { biopsy_wide: { lesions: [{ at: 'R1', date: '2012-02-01', type: 'b' }] } })],
      [days('2012-02-01'), '1', 'other', 'biopsy_wide of lesion 1: malignancy type b'],
    ],
    ['type c', [episode('1', { biopsy_wide: { lesions: [{ at: 'R1', type: 'c' }] } })], null],
    [
      'LCIS alone is none',
      [
        episode('1', {
          biopsy_wide: { lesions: [{ at: 'R1', opinion: 'B5', type: 'a', inSituComponents: ['NIL'] }] },
        }),
      ],
      null,
    ],
    [
      'LCIS beside DCIS is one',
      [
        episode('1', {
          biopsy_wide: {
            lesions: [{ at: 'R1', date: '2012-02-01', type: 'a', inSituComponents: ['NIL', 'NID'] }],
          },
        }),
      ],
      [days('2012-02-01'), '1', 'other', 'biopsy_wide of lesion 1: malignancy type a'],
    ],
    [
      'LCIS in the biopsy, invasive in surgery',
      [
        episode('1', {
          biopsy_wide: { lesions: [{ at: 'R1', date: '2012-02-01', type: 'a', inSituComponents: ['NIL'] }] },
          surgery: { lesions: [{ at: 'R1', date: '2012-03-01', opinion: 'H5', invasiveType: 'IN' }] },
        }),
      ],
      [days('2012-02-01'), '1', 'other', 'biopsy_wide of lesion 1: malignancy type a'],
    ],
    [
      'interval cancer without tissue: the side that the record names, its day of diagnosis first',
      [
        episode('1', {
          type: 'CI',
          diagnosis: '2013-05-06',
          interval_cancer: { lesions: [{ at: 'R1', date: '2013-04-01' }] },
        }),
      ],
      [days('2013-05-06'), '1', 'interval', 'interval_cancer: record of this breast'],
    ],
    [
      'interval cancer, else the day of the record',
      [episode('1', { type: 'CI', interval_cancer: { R: 'OM', date: '2013-04-01' } })],
      [days('2013-04-01'), '1', 'interval', 'interval_cancer: record of this breast'],
    ],
    [
      'interval cancer, benign on this side',
      [episode('1', { type: 'CI', interval_cancer: { R: 'OB', lesions: [{ at: 'R1' }] } })],
      null,
    ],
    [
      'interval cancer that names the other side',
      [episode('1', { type: 'CI', interval_cancer: { L: 'OM' } })],
      null,
    ],
    [
      'interval cancer with OM in tissue of the other side: the record does not count',
      [episode('1', { type: 'CI', surgery: { L: 'OM' }, interval_cancer: { R: 'OM' } })],
      null,
    ],
    ['a record in an episode of another type', [episode('1', { interval_cancer: { R: 'OM' } })], null],
    [
      'the earliest over all episodes, whatever their order',
      [
        episode('2', { type: 'N', screening: screen, surgery: { R: 'OM', date: '2016-01-01' } }),
        episode('1', { type: 'G', screening: screen, surgery: { R: 'OM', date: '2014-01-01' } }),
      ],
      [days('2014-01-01'), '1', 'other', 'surgery: opinion OM'],
    ],
    [
      'one with a date before one without',
      [episode('1', { surgery: { R: 'OM' } }), episode('2', { surgery: { R: 'OM', date: '2014-01-01' } })],
      [days('2014-01-01'), '2', 'other', 'surgery: opinion OM'],
    ],
    [
      'of one day the opinion on the breast before that on a lesion',
      [episode('1', { surgery: { R: 'OM', lesions: [{ at: 'R1', date: '2014-01-01', opinion: 'H5' }] } })],
      [days('2014-01-01'), '1', 'other', 'surgery: opinion OM'],
    ],
  ];
  for (const [name, episodes, expected] of cases) {
    test(name, () => {
      assert.deepEqual(first(episodes, 'R'), expected);
    });
  }

  test('episodes that record a cancer without a date are named', () => {
    const episodes = [
      episode('1', { surgery: { R: 'OM' } }),
      episode('2', { surgery: { R: 'OM', date: '2014-01-01' } }),
    ];
    assert.deepEqual(breastHistory(episodes, 'R').undatedCancerEpisodes, ['1']);
  });

  test('the first invasive cancer may be later than the first', () => {
    const episodes = [
      episode('1', { biopsy_wide: { lesions: [{ at: 'R1', date: '2012-02-01', type: 'a' }] } }),
      episode('2', {
        biopsy_wide: { lesions: [{ at: 'R1', date: '2015-02-01', opinion: 'B5' }] },
        surgery: { lesions: [{ at: 'R1', date: '2015-03-01', opinion: 'H5', invasiveComponents: ['IDC'] }] },
      }),
    ];
    const history = breastHistory(episodes, 'R');
    assert.equal(history.firstCancer?.date, days('2012-02-01'));
    assert.equal(history.firstInvasiveDate, days('2015-03-01'));
    assert.equal(breastHistory(episodes, 'L').firstInvasiveDate, null);
  });
});

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
