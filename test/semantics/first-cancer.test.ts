import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { breastHistory } from '../../pipeline/semantics/time/breast-history.js';
import type { EpisodeHistory } from '../../pipeline/semantics/time/model.js';
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
