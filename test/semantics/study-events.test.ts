import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { linkStudy } from '../../pipeline/omi-db/linking.js';
import { isConsidered, studyEvents, type StudyEvents } from '../../pipeline/semantics/study-events.js';
import { date, day, fact } from './helpers.js';

describe('study to episode', () => {
  const episodes = [
    { episodeId: 'A', dates: new Set([1, 2]) },
    { episodeId: 'B', dates: new Set([2, 3]) },
  ];
  const cases: [string, number | null, string | null, string, string | null][] = [
    ['the episode that imagedb names, whatever its dates', 3, 'A', 'imagedb', 'A'],
    ['no EpisodeID: by date', 3, null, 'date', 'B'],
    ['an episode that nbss lacks: by date', 3, 'Z', 'date', 'B'],
    ['by date: the first in file order', 2, null, 'date', 'A'],
    ['no EpisodeID and no event on the date', 9, null, 'unresolved', null],
    ['an episode that nbss lacks and no event on the date', 9, 'Z', 'unresolved', null],
    ['without a date, even where the episode is known', null, 'A', 'unresolved', null],
    ['without a date and EpisodeID', null, null, 'unresolved', null],
  ];
  for (const [name, studyDate, episodeId, how, expected] of cases) {
    test(name, () => {
      assert.deepEqual(linkStudy({ date: studyDate, episodeId }, episodes), { how, episodeId: expected });
    });
  }

  test('considered: listed in imagedb, with a folder under data', () => {
    const flags = [true, false].flatMap((inImagedb) =>
      [true, false].map((inData) => isConsidered({ inImagedb, inData })),
    );
    assert.deepEqual(flags, [true, false, false, false]);
  });
});

/** Events of studies on these days (after 2000-01-01), in file order: distinct / all, and how. */
function link(episode: unknown, ...days: number[]): string[] {
  const studies = days.map((days, i) => ({ studyInstanceUid: `1.${i}`, date: day(date(days)) }));
  const text = ({ distinct, all, how }: StudyEvents) => `${distinct.join('+')} / ${all.join('+')} (${how})`;
  return studyEvents(studies, fact(episode)).map(text);
}

const screen = (days: number) => ({ L: { DateTaken: date(days) } });
const event = (days: number) => ({ dateperformed: date(days) });

describe('study to events', () => {
  const both = { SCREENING: screen(0), ASSESSMENT: event(20) };
  const sameDay = { SCREENING: screen(0), ASSESSMENT: event(0) };
  const rescreened = { SCREENING: screen(0), OTHERSCREENING: { '1': screen(5), '2': screen(5) } };
  const cases: [string, unknown, number[], string[]][] = [
    ['the event with its date', both, [20], ['assessment / assessment (date)']],
    [
      'the date of any lesion',
      { SURGERY: { R: { '1': { DatePerformed: date(7) } } } },
      [7],
      ['surgery / surgery (date)'],
    ],
    ['two kinds on that date: none in distinct mode', sameDay, [0], [' / screening+assessment (date)']],
    ['two screens on that date count twice', rescreened, [5], [' / screening+screening (date)']],
    ['one of several screens', rescreened, [0], ['screening / screening (date)']],
    [
      'no event on that date: every kind that the episode has',
      both,
      [99],
      [' / screening+assessment (episode)'],
    ],
    ['no event on that date, one kind', { SCREENING: screen(0) }, [99], ['screening / screening (episode)']],
    ['by episode, several screens count once', rescreened, [99], ['screening / screening (episode)']],
    [
      'kinds come in one order',
      { SURGERY: {}, BIOPSYFINE: {}, BIOPSYWIDE: {}, CLINICAL: {}, ASSESSMENT: {}, SCREENING: {} },
      [1],
      [' / screening+assessment+clinical+biopsy_wide+biopsy_fine+surgery (episode)'],
    ],
    ['an episode without events', { EpisodeType: 'R' }, [1], [' /  (none)']],
    ['an interval-cancer block is no event', { INTERVALCANCER: event(1) }, [1], [' /  (none)']],
    [
      'a further screen without a first one is no event',
      { OTHERSCREENING: { '1': screen(1) } },
      [1],
      [' /  (none)'],
    ],
    ['no studies', both, [], []],
  ];
  for (const [name, episode, days, expected] of cases) {
    test(name, () => {
      assert.deepEqual(link(episode, ...days), expected);
    });
  }
});

describe('distinct mode: pairs of studies of one episode', () => {
  const one = { SCREENING: screen(0) };
  const kept = 'screening / screening (date)';
  const byEpisode = 'screening / screening (episode)';
  const lost = (how: string) => ` / screening (${how})`;
  const pooled = { SCREENING: screen(0), OTHERSCREENING: { '1': screen(5) } };
  const two = { SCREENING: screen(0), ASSESSMENT: event(20) };

  const cases: [string, unknown, number[], string[]][] = [
    ['same date: both lose their events', one, [0, 0], [lost('date'), lost('date')]],
    ['same events, one on their date: the other loses them', one, [0, 9], [kept, lost('episode')]],
    ['in the other order too', one, [9, 0], [lost('episode'), kept]],
    ['same events, none on their date: both lose them', one, [8, 9], [lost('episode'), lost('episode')]],
    ['different events: both keep them', two, [0, 20], [kept, 'assessment / assessment (date)']],
    ['both on a date of one of several screens: both keep them', pooled, [0, 5], [kept, kept]],
    ['dates pooled: only the third day loses', pooled, [0, 5, 9], [kept, kept, lost('episode')]],
    // 7 and 8 lose in the first pair; with no events left, neither meets 9 as an equal: 9 keeps its link.
    [
      'one pair after the other: the third keeps what no pair takes',
      one,
      [7, 8, 9],
      [lost('episode'), lost('episode'), byEpisode],
    ],
    // 7 and 0: 7 loses, 0 keeps. Then 0 and 9: 9 loses.
    ['one on the date among others', one, [7, 0, 9], [lost('episode'), kept, lost('episode')]],
    // The first pair is of one date: both lose. The third is alone with its events.
    ['same date first', one, [9, 9, 8], [lost('episode'), lost('episode'), byEpisode]],
    // 9 (first) and 8 lose; then 9 and 9 are of one date.
    ['same date last', one, [9, 8, 9], [lost('episode'), lost('episode'), lost('episode')]],
    // Of one date: lost, whatever the events are.
    [
      'same date, several events each',
      { ...two, ASSESSMENT: event(0) },
      [0, 0],
      [' / screening+assessment (date)', ' / screening+assessment (date)'],
    ],
    // A study that lost its events to distinct mode meets no other as an equal.
    [
      'a study without distinct events takes none from others',
      two,
      [99, 0],
      [' / screening+assessment (episode)', kept],
    ],
  ];
  for (const [name, episode, days, expected] of cases) {
    test(name, () => {
      assert.deepEqual(link(episode, ...days), expected);
    });
  }

  test('dates in both forms are one date', () => {
    const episode = {
      SCREENING: { L: { DateTaken: '20000102' } },
      OTHERSCREENING: { '1': { R: { DateTaken: '2000-01-02' } } },
    };
    assert.deepEqual(link(episode, 1), [' / screening+screening (date)']);
  });
});
