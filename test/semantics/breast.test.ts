import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { breastLabels, GRADES_WORST_FIRST, type BreastLabels } from '../../pipeline/semantics/breast.js';
import { clientStatus } from '../../pipeline/semantics/client.js';
import { episodeStatus } from '../../pipeline/semantics/episode.js';
import { turnsOf } from '../helpers/extent.js';
import { fact, facts } from './helpers.js';

describe('labels of one breast', () => {
  test('cancer in the right breast labels nothing on the left', () => {
    const episode = fact({
      SCREENING: { left_opinion: 'ON', right_opinion: 'OS', L: { DateTaken: '2002-03-04' } },
      ASSESSMENT: { right_opinion: 'OM', R: { '1': {} } },
      BIOPSYWIDE: { right_opinion: 'OM', R: { '1': { MalignancyType: 'b', DiseaseGrade: 'G2' } } },
      SURGERY: { right_opinion: 'OM', R: { '1': { DiseaseGrade: 'G3', InvasiveComponents: 'IDC' } } },
      LESION: { R: { '1': { LesionDescription: 'MA' } } },
    });
    assert.equal(episodeStatus(episode), 'M');
    assert.deepEqual(breastLabels(episode, 'L'), {
      opinions: [{ event: 'screening', eventNumber: 1, opinion: 'ON' }],
      hasMalignantOpinion: false,
      malignantFrom: [],
      hasBenignOpinion: false,
      benignFrom: [],
      lesionCount: 0,
      hasLesion: false,
      invasive: false,
      inSitu: false,
      worstGrade: null,
      from: null,
    } satisfies BreastLabels);
    assert.deepEqual(breastLabels(episode, 'R'), {
      opinions: [
        { event: 'screening', eventNumber: 1, opinion: 'OS' },
        { event: 'assessment', eventNumber: 1, opinion: 'OM' },
        { event: 'biopsy_wide', eventNumber: 1, opinion: 'OM' },
        { event: 'surgery', eventNumber: 1, opinion: 'OM' },
      ],
      hasMalignantOpinion: true,
      malignantFrom: ['surgery', 'biopsy_wide'],
      hasBenignOpinion: false,
      benignFrom: [],
      lesionCount: 1,
      hasLesion: true,
      invasive: true,
      inSitu: false,
      worstGrade: 'G3',
      from: 'malignant opinion: surgery, wide biopsy; lesion 1: assessment, wide biopsy, surgery; invasive: surgery of lesion 1, wide biopsy of lesion 1; worst grade G3: surgery of lesion 1',
    } satisfies BreastLabels);
  });

  test('benign on one side, malignant on the other', () => {
    const episode = fact({ BIOPSYFINE: { left_opinion: 'OB', right_opinion: 'OM' } });
    const [left, right] = [breastLabels(episode, 'L'), breastLabels(episode, 'R')];
    assert.deepEqual([left.hasBenignOpinion, left.hasMalignantOpinion], [true, false]);
    assert.deepEqual([right.hasBenignOpinion, right.hasMalignantOpinion], [false, true]);
    assert.equal(left.from, 'benign opinion: fine biopsy');
  });

  test('opinions of assessment, clinical examination and screen are kept, but are no tissue', () => {
    const opinion = { left_opinion: 'OM' };
    const labels = breastLabels(fact({ SCREENING: opinion, ASSESSMENT: opinion, CLINICAL: opinion }), 'L');
    assert.equal(labels.opinions.length, 3);
    assert.equal(labels.hasMalignantOpinion, false);
  });

  test('every screen has its opinion; interval cancer and a lone further screen too', () => {
    const two = fact({ SCREENING: { left_opinion: 'ON' }, OTHERSCREENING: { '1': { left_opinion: 'OS' } } });
    assert.deepEqual(breastLabels(two, 'L').opinions, [
      { event: 'screening', eventNumber: 1, opinion: 'ON' },
      { event: 'screening', eventNumber: 2, opinion: 'OS' },
    ]);
    const ci = fact({
      EpisodeType: 'CI',
      OTHERSCREENING: { '1': { left_opinion: 'ON' } },
      INTERVALCANCER: { left_opinion: 'OM', L: { '1': {} } },
    });
    const labels = breastLabels(ci, 'L');
    assert.deepEqual(
      labels.opinions.map(({ event, opinion }) => `${event} ${opinion}`),
      ['screening ON', 'interval_cancer OM'],
    );
    // An interval-cancer block is no tissue, but its lesion is a lesion.
    assert.deepEqual([labels.hasMalignantOpinion, labels.hasLesion], [false, true]);
    assert.equal(labels.from, 'lesion 1: interval cancer');
    assert.equal(breastLabels(fact({ LESION: { L: { '3': {} } } }), 'L').from, 'lesion 3: lesion block');
  });

  test('two lesions: one invasive, one in situ; the worse grade counts, with its source', () => {
    const surgery = { L: { '2': { DcisGrade: 'NDH' }, '10': { DiseaseGrade: 'G1' } } };
    const labels = breastLabels(fact({ SURGERY: surgery }), 'L');
    assert.deepEqual([labels.lesionCount, labels.invasive, labels.inSitu], [2, true, true]);
    assert.equal(labels.worstGrade, 'G1');
    assert.equal(
      labels.from,
      'lesion 2: surgery; lesion 10: surgery; invasive: surgery of lesion 10; in situ: surgery of lesion 2; worst grade G1: surgery of lesion 10',
    );
  });

  test('grades from worst to best', () => {
    assert.deepEqual(GRADES_WORST_FIRST, ['G3', 'G2', 'G1', 'NDH', 'NDI', 'NDL', 'NA', 'NDN']);
  });
});

const opinion = fc.constantFrom('OM', 'OB', 'ON', 'OS', 'OU', 'Malignant', '', null, 'odd');
const lesionFields = fc.record(
  {
    DatePerformed: fc.constantFrom('2001-02-03', '20020304', null),
    MalignancyType: fc.constantFrom('a', 'b', 'c', 'z', null),
    InvasiveComponents: fc.constantFrom('IDC', 'IDC ILC', ''),
    InvasiveType: fc.constantFrom('IN', null),
    DiseaseGrade: fc.constantFrom('G1', 'G2', 'G3', 'NA', null),
    InSituComponents: fc.constantFrom('NID', null),
    DcisGrade: fc.constantFrom('NDH', 'NDI', 'NDL', 'NDN', null),
    left_opinion: opinion,
    right_opinion: opinion,
  },
  { requiredKeys: [] },
);
const lesionsOfSide = fc.option(fc.dictionary(fc.constantFrom('1', '2', '3'), lesionFields, { maxKeys: 3 }), {
  nil: undefined,
});
const BLOCKS = ['ASSESSMENT', 'CLINICAL', 'BIOPSYWIDE', 'BIOPSYFINE', 'SURGERY', 'INTERVALCANCER', 'LESION'];

/** What the file holds of one side, by block; a block that is not drawn holds nothing of it. */
const sideOfEpisode = fc.record({
  screens: fc.array(opinion, { maxLength: 3 }),
  blocks: fc.dictionary(fc.constantFrom(...BLOCKS), fc.record({ opinion, lesions: lesionsOfSide }), {
    maxKeys: BLOCKS.length,
  }),
});
type SideOfEpisode = typeof sideOfEpisode extends fc.Arbitrary<infer Drawn> ? Drawn : never;

/** Keys that one side brings to a block. */
function ofSide(side: 'L' | 'R', opinionText: unknown, content: unknown): Record<string, unknown> {
  return { [side === 'L' ? 'left_opinion' : 'right_opinion']: opinionText, [side]: content };
}

/** The episode that two sides make: blocks are there when either side has something in them. */
function episodeOf(left: SideOfEpisode, right: SideOfEpisode): Record<string, unknown> {
  const episode: Record<string, unknown> = {};
  for (const [side, drawn] of [
    ['L', left],
    ['R', right],
  ] as const) {
    drawn.screens.forEach((text, i) => {
      const content = ofSide(side, text, { DateTaken: '2001-01-01' });
      if (i === 0) episode['SCREENING'] = { ...(episode['SCREENING'] as object | undefined), ...content };
      else {
        const others = (episode['OTHERSCREENING'] ??= {}) as Record<string, object>;
        others[i] = { ...others[i], ...content };
      }
    });
    for (const [block, { opinion: text, lesions }] of Object.entries(drawn.blocks)) {
      episode[block] = { ...(episode[block] as object | undefined), ...ofSide(side, text, lesions) };
    }
  }
  return episode;
}

describe('left and right never mix', () => {
  test('whatever changes on one side, the labels of the other side stay the same', () => {
    const course = fc.array(fc.tuple(sideOfEpisode, sideOfEpisode, sideOfEpisode), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(course, (drawn) => {
        const client = (build: (item: (typeof drawn)[number]) => Record<string, unknown>) =>
          facts(Object.fromEntries(drawn.map((item, i) => [`E${i}`, build(item)])));
        const before = client(([left, right]) => episodeOf(left, right));
        const otherRight = client(([left, , change]) => episodeOf(left, change));
        const otherLeft = client(([, right, change]) => episodeOf(change, right));
        before.forEach((episode, i) => {
          assert.deepEqual(breastLabels(otherRight[i]!, 'L'), breastLabels(episode, 'L'));
          assert.deepEqual(breastLabels(otherLeft[i]!, 'R'), breastLabels(episode, 'R'));
        });
      }),
      { numRuns: turnsOf(300, 100) },
    );
  });

  test('a woman mirrored has her labels mirrored', () => {
    fc.assert(
      fc.property(sideOfEpisode, sideOfEpisode, (one, other) => {
        // Opinions inside lesions name a side of their own; the labels do not rest on them.
        const [episode, mirrored] = [fact(episodeOf(one, other)), fact(episodeOf(other, one))];
        assert.deepEqual(breastLabels(mirrored, 'R'), breastLabels(episode, 'L'));
        assert.deepEqual(breastLabels(mirrored, 'L'), breastLabels(episode, 'R'));
      }),
      { numRuns: 200 },
    );
  });
});

/** The same JSON with the keys of every object in reverse. */
function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, below]) => [key, reversed(below)] as const);
  return Object.fromEntries(entries.reverse());
}

test('the same client with keys in another order has the same labels', () => {
  fc.assert(
    fc.property(sideOfEpisode, sideOfEpisode, (left, right) => {
      const episode = episodeOf(left, right);
      const [forward, backward] = [fact(episode), fact(reversed(episode))];
      assert.deepEqual(backward, forward);
      assert.equal(clientStatus([backward]), clientStatus([forward]));
      for (const side of ['L', 'R'] as const) {
        assert.deepEqual(breastLabels(backward, side), breastLabels(forward, side));
      }
    }),
    { numRuns: 100 },
  );
});
