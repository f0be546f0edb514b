import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { EpisodeHistory } from '../../pipeline/semantics/time/model.js';
import { strictLabel } from '../../pipeline/semantics/time/strict-label.js';
import { episode } from './histories.js';

const normal = { date: '2012-01-01', L: 'ON', R: 'ON' } as const;
const recalled = { date: '2012-01-01', L: 'ON', R: 'OS' } as const;

/** `label basis` of each side. */
function strict(history: EpisodeHistory): [string, string] {
  const say = (side: 'L' | 'R'): string => {
    const { label, basis } = strictLabel(history, side);
    return `${String(label)} ${basis ?? '-'}`;
  };
  return [say('L'), say('R')];
}

describe('the strict label, left and right', () => {
  type Short = Parameters<typeof episode>[1];
  const cases: [string, Short, [string, string]][] = [
    ['nothing', {}, ['U -', 'U -']],
    ['a normal screen', { screening: normal }, ['N screen', 'N screen']],
    ['a screen without opinions', { screening: { date: '2012-01-01' } }, ['U -', 'U -']],
    ['an opinion on one breast is one on the woman', { screening: { R: 'ON' } }, ['N screen', 'N screen']],
    ['normal at assessment', { screening: normal, assessment: normal }, ['N assessment', 'N assessment']],
    [
      'OM in tissue',
      { screening: recalled, surgery: { R: 'OM', lesions: [{ at: 'R1' }] } },
      ['N screen', 'M tissue'],
    ],
    [
      'a lesion with B5',
      { screening: normal, biopsy_wide: { L: 'ON', lesions: [{ at: 'R1', opinion: 'B5' }] } },
      ['N screen', 'M lesion'],
    ],
    [
      'OB in tissue',
      { screening: recalled, biopsy_wide: { R: 'OB', lesions: [{ at: 'R1' }] } },
      ['N screen', 'B tissue'],
    ],
    [
      'OM contradicted by OB',
      { screening: recalled, biopsy_wide: { R: 'OB' }, surgery: { R: 'OM' } },
      ['N screen', 'U tissue'],
    ],
    [
      'B5 contradicted by OB',
      { screening: normal, biopsy_wide: { R: 'OB', lesions: [{ at: 'R1', opinion: 'B5' }] } },
      ['N screen', 'U tissue'],
    ],
    [
      'OM, then OU: a source is a source',
      { screening: normal, biopsy_wide: { R: 'OM' }, surgery: { R: 'OU' } },
      ['N screen', 'M tissue'],
    ],
    [
      'the last tissue is suspicious',
      { screening: normal, biopsy_wide: { R: 'OB' }, surgery: { R: 'OS' } },
      ['N screen', 'U tissue'],
    ],
    [
      'by date, not by kind: surgery first, then a biopsy in doubt',
      {
        screening: normal,
        biopsy_wide: { R: 'OU', lesions: [{ at: 'R1', date: '2012-05-01' }] },
        surgery: { R: 'OB', lesions: [{ at: 'R1', date: '2012-02-01' }] },
      },
      ['N screen', 'U tissue'],
    ],
    [
      'by date: a biopsy in doubt that benign surgery settled',
      {
        screening: normal,
        biopsy_wide: { R: 'OU', lesions: [{ at: 'R1', date: '2012-01-05' }] },
        surgery: { R: 'OB', lesions: [{ at: 'R1', date: '2012-02-01' }] },
      },
      ['N screen', 'B tissue'],
    ],
    [
      'B4 where the breast has no opinion',
      { screening: normal, biopsy_wide: { L: 'ON', lesions: [{ at: 'R1', opinion: 'B4' }] } },
      ['N screen', 'U tissue'],
    ],
    [
      'a screen in doubt and no tissue',
      { screening: recalled, assessment: normal },
      ['N assessment', 'U screen'],
    ],
    [
      'an assessment in doubt and no tissue',
      { screening: recalled, assessment: { R: 'OU' } },
      ['N assessment', 'U assessment'],
    ],
    [
      'tissue of the other breast settles nothing',
      { screening: recalled, biopsy_wide: { L: 'OB', lesions: [{ at: 'L1' }] } },
      ['B tissue', 'U screen'],
    ],
    [
      'open without a status',
      { closed: false, screening: normal, surgery: { L: 'ON', R: 'ON' } },
      ['U -', 'U -'],
    ],
    [
      'closed without a status',
      { closed: true, screening: normal, surgery: { L: 'ON', R: 'ON' } },
      ['null -', 'null -'],
    ],
    ['open with a status', { closed: false, screening: normal }, ['N screen', 'N screen']],
    [
      'interval cancer, the record names a side',
      { type: 'CI', screening: normal, interval_cancer: { lesions: [{ at: 'R1' }] } },
      ['N screen', 'M interval_record'],
    ],
    [
      'interval cancer of no known side',
      { type: 'CI', screening: normal },
      ['U interval_record', 'U interval_record'],
    ],
    [
      'interval cancer with tissue of one side',
      { type: 'CI', screening: normal, surgery: { R: 'OM' } },
      ['N screen', 'M tissue'],
    ],
    [
      'interval cancer with tissue of one side and a record of the other',
      { type: 'CI', screening: normal, surgery: { R: 'OM' }, interval_cancer: { L: 'OM' } },
      ['U interval_record', 'M tissue'],
    ],
    [
      'histology of a code that no rule names',
      { screening: normal, surgery: { L: 'ON', lesions: [{ at: 'R1', opinion: 'HI' }] } },
      ['null -', 'U lesion'],
    ],
    [
      'invasive findings without an opinion',
      { screening: normal, biopsy_wide: { R: 'OB', lesions: [{ at: 'R1', invasiveType: 'IN' }] } },
      ['N screen', 'U lesion'],
    ],
    [
      'LCIS alone of type a is no cancer',
      {
        screening: normal,
        biopsy_wide: { R: 'ON', lesions: [{ at: 'R1', type: 'a', inSituComponents: ['NIL'] }] },
      },
      ['N screen', 'N tissue'],
    ],
    [
      'LCIS alone that is called malignant',
      {
        screening: normal,
        biopsy_wide: { R: 'ON', lesions: [{ at: 'R1', opinion: 'B5', inSituComponents: ['NIL'] }] },
      },
      ['N screen', 'U lesion'],
    ],
    [
      'shared case b4_no_surgery',
      {
        screening: normal,
        assessment: { R: 'OM', lesions: [{ at: 'R1', date: '2012-01-20', opinion: 'I5' }] },
        biopsy_wide: { R: 'OS', lesions: [{ at: 'R1', date: '2012-01-20', opinion: 'B4' }] },
      },
      ['N assessment', 'U tissue'],
    ],
    ['shared case recalled_never_assessed', { screening: { L: 'ON', R: 'OM' } }, ['N screen', 'U screen']],
    [
      'shared case n_but_invasive',
      {
        screening: normal,
        biopsy_wide: {
          R: 'OB',
          lesions: [
            { at: 'L1', opinion: 'B5', type: 'b', diseaseGrade: 'G2' },
            { at: 'R2', opinion: 'B2' },
          ],
        },
      },
      ['M lesion', 'B tissue'],
    ],
  ];
  for (const [name, short, expected] of cases) {
    test(name, () => {
      assert.deepEqual(strict(episode('1', short)), expected);
    });
  }
});

test('what the pathology of the left breast says changes no label of the right', () => {
  const opinion = fc.constantFrom(undefined, 'ON', 'OB', 'OM', 'OS', 'OU');
  const finding = fc.record({
    opinion: fc.constantFrom(undefined, 'B5', 'B4', 'B2', 'HI'),
    type: fc.constantFrom(undefined, 'a', 'b'),
    invasiveType: fc.constantFrom(null, 'IN'),
  });
  const short = fc.record({
    type: fc.constantFrom('R', 'CI'),
    screen: opinion,
    left: opinion,
    right: opinion,
    finding,
  });
  fc.assert(
    fc.property(short, finding, finding, ({ type, screen, left, right, finding: own }, before, after) => {
      const make = (other: object) =>
        episode(
          '1',
          JSON.parse(
            JSON.stringify({
              type,
              screening: { date: '2012-01-01', L: 'ON', R: screen },
              biopsy_wide: {
                L: left,
                R: right,
                lesions: [
                  { at: 'L1', ...other },
                  { at: 'R1', ...own },
                ],
              },
            }),
          ) as Parameters<typeof episode>[1],
        );
      assert.deepEqual(strictLabel(make(before), 'R'), strictLabel(make(after), 'R'));
    }),
  );
});
