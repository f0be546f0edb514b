import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  episodeStatus,
  hasBenignOpinions,
  hasMalignantOpinions,
  inSortDateOrder,
  isIntervalCancer,
  isPostOp,
  isValid,
  sortDate,
} from '../../pipeline/semantics/episode.js';
import { clientStatus, clientSummary } from '../../pipeline/semantics/client.js';
import { date, day, fact, facts, make } from './helpers.js';

describe('events of an episode', () => {
  const kinds = (episode: unknown) =>
    fact(episode).events.map(({ kind, number }) => (number === 1 ? kind : `${kind} ${number}`));

  const cases: [string, unknown, string[]][] = [
    ['a block that is an empty object is an event', { SURGERY: {} }, ['surgery']],
    ['a block that is null is none', { SURGERY: null, SCREENING: {} }, ['screening']],
    [
      'every kind',
      { SURGERY: {}, BIOPSYFINE: {}, BIOPSYWIDE: {}, CLINICAL: {}, ASSESSMENT: {}, SCREENING: {} },
      ['screening', 'assessment', 'clinical', 'biopsy_wide', 'biopsy_fine', 'surgery'],
    ],
    [
      'further screens beside a first one',
      { SCREENING: {}, OTHERSCREENING: { '1': {}, '2': {} } },
      ['screening', 'screening 2', 'screening 3'],
    ],
    ['further screens without a first one are none', { OTHERSCREENING: { '1': {} } }, []],
    [
      'further screens beside a first one that is null are none',
      { SCREENING: null, OTHERSCREENING: { '1': {} } },
      [],
    ],
    ['an interval-cancer block is none', { INTERVALCANCER: { left_opinion: 'OM' } }, []],
    ['lesions are none', { LESION: { L: { '1': {} } } }, []],
  ];
  for (const [name, episode, expected] of cases) {
    test(name, () => {
      assert.deepEqual(kinds(episode), expected);
    });
  }

  test('what is no event to the rules is kept beside', () => {
    const { otherEvents } = fact({ OTHERSCREENING: { '1': {} }, INTERVALCANCER: { left_opinion: 'OM' } });
    assert.deepEqual(
      otherEvents.map(({ kind }) => kind),
      ['screening', 'interval_cancer'],
    );
  });
});

describe('dates of an event', () => {
  const dates = (episode: unknown) => fact(episode).events[0]!.dates;

  test('of a screen: DateTaken of L, then of R, each once, in both forms', () => {
    const both = { R: { DateTaken: '20020304' }, L: { DateTaken: '2002-03-05' } };
    assert.deepEqual(dates({ SCREENING: both }), [day('2002-03-05'), day('2002-03-04')]);
    const same = { L: { DateTaken: '20020304' }, R: { DateTaken: '2002-03-04' } };
    assert.deepEqual(dates({ SCREENING: same }), [day('2002-03-04')]);
  });

  test("of a screen: the block's dateperformed does not count", () => {
    assert.deepEqual(dates({ SCREENING: { dateperformed: '2002-03-04' } }), []);
  });

  test("of another event: lesions of both sides, then the block's own", () => {
    const block = {
      dateperformed: '2002-03-01',
      R: { '1': { DatePerformed: '2002-03-03' } },
      L: { '1': { DatePerformed: '20020304' }, '2': { DatePerformed: '2002-03-03' } },
    };
    assert.deepEqual(dates({ ASSESSMENT: block }), [day('2002-03-04'), day('2002-03-03'), day('2002-03-01')]);
  });
});

describe('side opinions', () => {
  const codes: [string, string | null][] = [
    ['ON', 'ON'],
    ['Normal', 'ON'],
    ['OB', 'OB'],
    ['Benign', 'OB'],
    ['OM', 'OM'],
    ['Malignant', 'OM'],
    ['OS', 'OS'],
    ['Suspicious', 'OS'],
    ['OU', 'OU'],
    ['Uncertain', 'OU'],
    ['', null],
    ['probably fine', null],
    // Codes of the opinion list, but not opinions on a side.
    ['B5', null],
    ['H2', null],
  ];
  for (const [raw, expected] of codes) {
    test(`${JSON.stringify(raw)} is ${String(expected)}`, () => {
      const { opinions } = fact({ SURGERY: { left_opinion: raw } }).events[0]!;
      assert.deepEqual(opinions, { L: expected, R: null });
    });
  }
});

describe('malignant and benign opinions, interval cancer, validity and status', () => {
  const left = (opinion: string) => ({ left_opinion: opinion });
  const right = (opinion: string) => ({ right_opinion: opinion });
  const CI = { EpisodeType: 'CI' };

  // name, episode, malignant, benign, interval cancer, valid, status
  type Case = [string, unknown, boolean, boolean, boolean, boolean, string | null];
  const cases: Case[] = [
    // Malignant opinions: surgery, wide or fine biopsy with OM on either side; nothing else.
    ['surgery OM left', { SURGERY: left('OM') }, true, false, false, true, 'M'],
    ['wide biopsy OM right', { BIOPSYWIDE: right('OM') }, true, false, false, true, 'M'],
    ['fine biopsy OM right', { BIOPSYFINE: right('OM') }, true, false, false, true, 'M'],
    ['assessment OM counts for nothing', { ASSESSMENT: left('OM') }, false, false, false, true, 'NA'],
    ['clinical OM counts for nothing', { CLINICAL: left('OM') }, false, false, false, true, 'N'],
    ['screening OM counts for nothing', { SCREENING: left('OM') }, false, false, false, true, 'N'],
    // Benign likewise; M stands before B in the list of statuses.
    ['surgery OB right', { SURGERY: right('OB') }, false, true, false, true, 'B'],
    ['wide biopsy OB left', { BIOPSYWIDE: left('OB') }, false, true, false, true, 'B'],
    ['fine biopsy OB left', { BIOPSYFINE: left('OB') }, false, true, false, true, 'B'],
    ['OM left and OB right', { SURGERY: { ...left('OM'), ...right('OB') } }, true, true, false, true, 'M'],
    ['OB biopsy, OM surgery', { BIOPSYWIDE: left('OB'), SURGERY: left('OM') }, true, true, false, true, 'M'],
    // Type CI: an interval cancer with malignant opinions, or with none of surgery and biopsies.
    ['CI without events', CI, false, false, true, true, 'CI'],
    ['CI as text', { EpisodeType: 'Interval case' }, false, false, true, true, 'CI'],
    [
      'CI with a screen and an assessment',
      { ...CI, SCREENING: {}, ASSESSMENT: {} },
      false,
      false,
      true,
      false,
      'CI',
    ],
    ['CI with OM', { ...CI, BIOPSYFINE: right('OM') }, true, false, true, true, 'CI'],
    ['CI with an empty surgery', { ...CI, SURGERY: {} }, false, false, false, false, null],
    ['CI with an empty wide biopsy', { ...CI, BIOPSYWIDE: {} }, false, false, false, false, null],
    ['CI with a fine biopsy ON', { ...CI, BIOPSYFINE: left('ON') }, false, false, false, true, null],
    ['CI with benign opinions is no B', { ...CI, SURGERY: left('OB') }, false, true, false, true, null],
    // No events: no status, though valid.
    ['no events', { EpisodeType: 'R' }, false, false, false, true, null],
    // Not valid: a non-screening event without opinions on both sides. One side is enough.
    ['assessment without opinions', { SCREENING: {}, ASSESSMENT: {} }, false, false, false, false, null],
    ['assessment with unknown text', { ASSESSMENT: left('fine') }, false, false, false, false, null],
    ['clinical without opinions', { SCREENING: {}, CLINICAL: {} }, false, false, false, false, null],
    ['an empty screen is valid', { SCREENING: {} }, false, false, false, true, 'N'],
    ['one side is enough', { ASSESSMENT: right('ON') }, false, false, false, true, 'NA'],
    // M and B stand before validity.
    ['M though not valid', { ASSESSMENT: {}, SURGERY: left('OM') }, true, false, false, false, 'M'],
    ['B though not valid', { ASSESSMENT: {}, BIOPSYFINE: left('OB') }, false, true, false, false, 'B'],
    // Surgery without OM and OB: none.
    ['surgery ON', { SCREENING: {}, SURGERY: left('ON') }, false, false, false, true, null],
    // With assessment NAB or NA, else N, even with a biopsy.
    [
      'assessment and wide biopsy',
      { ASSESSMENT: left('ON'), BIOPSYWIDE: left('OU') },
      false,
      false,
      false,
      true,
      'NAB',
    ],
    [
      'assessment and fine biopsy',
      { ASSESSMENT: left('ON'), BIOPSYFINE: left('OS') },
      false,
      false,
      false,
      true,
      'NAB',
    ],
    ['assessment alone', { SCREENING: {}, ASSESSMENT: left('OS') }, false, false, false, true, 'NA'],
    ['biopsy without assessment', { SCREENING: {}, BIOPSYWIDE: left('ON') }, false, false, false, true, 'N'],
    ['screen alone', { SCREENING: left('OS') }, false, false, false, true, 'N'],
  ];
  for (const [name, episode, malignant, benign, intervalCancer, valid, status] of cases) {
    test(name, () => {
      const it = fact(episode);
      assert.deepEqual(
        [
          hasMalignantOpinions(it),
          hasBenignOpinions(it),
          isIntervalCancer(it),
          isValid(it),
          episodeStatus(it),
        ],
        [malignant, benign, intervalCancer, valid, status],
      );
    });
  }
});

describe('sort date', () => {
  const opened = { EpisodeOpenedDate: '2001-01-01' };
  const diagnosed = { IntervalCancerDateOfDiagnosis: '20010202' };
  const cases: [string, unknown, string | null][] = [
    [
      'the earliest of all events, further screens too',
      {
        ...opened,
        SCREENING: { L: { DateTaken: '2002-03-05' } },
        OTHERSCREENING: { '1': { R: { DateTaken: '2002-03-02' } } },
        ASSESSMENT: { dateperformed: '2002-03-04' },
      },
      '2002-03-02',
    ],
    [
      'event dates before all else for type CI too',
      { ...diagnosed, EpisodeType: 'CI', CLINICAL: { dateperformed: '2002-03-04' } },
      '2002-03-04',
    ],
    ['without event dates, the day opened', { ...opened, ...diagnosed, SCREENING: {} }, '2001-01-01'],
    [
      'without event dates, type CI: the day of diagnosis',
      { ...opened, ...diagnosed, EpisodeType: 'CI' },
      '2001-02-02',
    ],
    ['type CI never takes the day opened', { ...opened, EpisodeType: 'CI' }, null],
    ['another type never takes the day of diagnosis', { ...diagnosed, EpisodeType: 'R' }, null],
    [
      'dates of an interval-cancer block do not count',
      { ...opened, INTERVALCANCER: { dateperformed: '2000-05-05' } },
      '2001-01-01',
    ],
    [
      'dates of a further screen without a first one do not count',
      { OTHERSCREENING: { '1': { L: { DateTaken: '2000-05-05' } } } },
      null,
    ],
  ];
  for (const [name, episode, expected] of cases) {
    test(name, () => {
      assert.equal(sortDate(fact(episode)), expected === null ? null : day(expected));
    });
  }

  test('episodes come in its order, ties in file order', () => {
    const episodes = facts({ D: make.normal(9), C: make.normal(5), A: make.normal(5), B: make.normal(1) });
    const ids = inSortDateOrder(episodes)?.map(({ episode }) => episode.episodeId);
    assert.deepEqual(ids, ['B', 'C', 'A', 'D']);
  });
});

describe('post-op', () => {
  const cases: [string, Record<string, unknown>, boolean | null][] = [
    [
      'after surgery, whatever its opinion',
      { E0: { SURGERY: { dateperformed: date(1) } }, E1: make.normal(9) },
      true,
    ],
    ['after an episode of type CI', { E0: make.intervalCancer(1), E1: make.normal(9) }, true],
    ['after type CI that is no interval cancer', { E0: make.notIntervalCancer(1), E1: make.normal(9) }, true],
    [
      'after a malignant biopsy without surgery',
      { E0: { BIOPSYWIDE: { left_opinion: 'OM', dateperformed: date(1) } }, E1: make.normal(9) },
      false,
    ],
    ['its own surgery does not count', { E0: make.normal(1), E1: make.malignant(9) }, false],
    ['later surgery does not count', { E0: make.malignant(11), E1: make.normal(9) }, false],
    [
      'any earlier episode, not only the one before',
      { E0: make.malignant(1), E2: make.normal(5), E1: make.normal(9) },
      true,
    ],
    [
      'on the same day, the one before in the file is earlier',
      { E0: make.malignant(9), E1: make.normal(9) },
      true,
    ],
    [
      'on the same day, the one after in the file is later',
      { E1: make.normal(9), E0: make.malignant(9) },
      false,
    ],
    [
      'undefined if any episode has no sort date',
      { E0: make.malignant(1), E1: make.normal(9), E2: make.undated() },
      null,
    ],
  ];
  for (const [name, episodes, expected] of cases) {
    test(name, () => {
      const all = facts(episodes);
      assert.equal(
        isPostOp(
          all.find(({ episodeId }) => episodeId === 'E1')!,
          all,
        ),
        expected,
      );
    });
  }
});

describe('client', () => {
  const cases: [string, Record<string, unknown>, string][] = [
    ['CI if any episode is of type CI, before M', { A: make.malignant(1), B: make.intervalCancer(9) }, 'CI'],
    ['CI also by a type-CI episode that is no interval cancer', { A: make.notIntervalCancer(9) }, 'CI'],
    ['M if any has malignant opinions, before B', { A: make.benign(1), B: make.malignant(9) }, 'M'],
    ['B if any has benign opinions', { A: make.normal(1), B: make.benign(9) }, 'B'],
    ['N otherwise', { A: make.operated(1), B: make.noEvents(9) }, 'N'],
    ['N without episodes', {}, 'N'],
  ];
  for (const [name, episodes, expected] of cases) {
    test(name, () => {
      assert.equal(clientStatus(facts(episodes)), expected);
    });
  }

  test('dates and counts leave out what has no sort date', () => {
    const episodes = facts({
      A: make.malignant(700),
      B: make.undated(),
      C: make.benign(10),
      D: make.intervalCancer(1500),
      E: make.notIntervalCancer(40),
      F: { ...make.benign(20), SURGERY: { left_opinion: 'OM' } },
    });
    assert.deepEqual(clientSummary(episodes), {
      status: 'CI',
      firstEpisodeDate: day(date(10)),
      lastEpisodeDate: day(date(1500)),
      malignantEpisodeCount: 2, // A and F
      benignEpisodeCount: 3, // C, E and F
      intervalCancerEpisodeCount: 1, // D
    });
  });

  test('without any sort date there is no first and no last', () => {
    const { firstEpisodeDate, lastEpisodeDate } = clientSummary(facts({ A: make.undated() }));
    assert.deepEqual([firstEpisodeDate, lastEpisodeDate], [null, null]);
  });
});
