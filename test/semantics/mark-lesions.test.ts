import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { distinctBoxes } from '../../pipeline/semantics/mark/duplicates.js';
import {
  isMalignantLesion,
  isMalignantMark,
  lesionsOfOtherBreast,
  tissueFindings,
} from '../../pipeline/semantics/mark/mark-lesions.js';
import { episode } from './histories.js';

describe('boxes that are drawn twice', () => {
  const mark = (
    markId: string,
    x1: number | null,
    y1: number | null,
    x2: number | null,
    y2: number | null,
  ) => ({
    markId,
    box: { x1, y1, x2, y2 },
  });
  const found = (...marks: ReturnType<typeof mark>[]) =>
    distinctBoxes(marks).map(({ first, duplicates }) => [
      first.markId,
      ...duplicates.map(({ markId }) => markId),
    ]);

  test('the first counts, in the order of the source, whichever corner is named first', () => {
    assert.deepEqual(
      found(
        mark('3', 1, 1, 3, 3),
        mark('1', 100, 1, 200, 11),
        mark('2', 200, 11, 100, 1),
        mark('4', 100, 11, 200, 1),
        mark('5', 100, 1, 200, 11.5),
      ),
      [['3'], ['1', '2', '4'], ['5']],
    );
  });
  test('coordinates that are none are no box', () => {
    assert.deepEqual(found(mark('1', 1, 1, 3, null), mark('2', 1, 1, 3, null), mark('3', NaN, 1, 2, 2)), []);
  });
  test('-0 is 0', () => {
    assert.deepEqual(found(mark('1', 0, 0, 3, 3), mark('2', -0, 0, 3, 3)), [['1', '2']]);
  });
  test('numbers do not run into one another', () => {
    assert.deepEqual(found(mark('1', 1, 12, 30, 40), mark('2', 11, 2, 30, 40)), [['1'], ['2']]);
  });
});

describe('a lesion', () => {
  type Short = Parameters<typeof episode>[1];
  const at = 'R1' as const;
  const cases: [string, Short, boolean | null][] = [
    ['seen in no tissue', { assessment: { R: 'OM', lesions: [{ at, opinion: 'I5' }] } }, null],
    ['B5', { biopsy_wide: { lesions: [{ at, opinion: 'B5' }] } }, true],
    ['type a', { biopsy_wide: { lesions: [{ at, type: 'a' }] } }, true],
    [
      'B5, then benign surgery',
      { biopsy_wide: { lesions: [{ at, opinion: 'B5' }] }, surgery: { lesions: [{ at, opinion: 'H2' }] } },
      true,
    ],
    [
      'B2',
      {
        biopsy_wide: {
          R: 'OM',
          lesions: [
            { at, opinion: 'B2' },
            { at: 'R2', opinion: 'B5' },
          ],
        },
      },
      false,
    ],
    [
      'B3, then benign surgery',
      { biopsy_wide: { lesions: [{ at, opinion: 'B3' }] }, surgery: { lesions: [{ at, opinion: 'H2' }] } },
      false,
    ],
    ['B3 alone', { biopsy_wide: { lesions: [{ at, opinion: 'B3' }] } }, null],
    [
      'B2, then surgery in doubt',
      { biopsy_wide: { lesions: [{ at, opinion: 'B2' }] }, surgery: { lesions: [{ at, opinion: 'HE' }] } },
      null,
    ],
    ['unsatisfactory cells', { biopsy_fine: { lesions: [{ at, opinion: 'C1' }] } }, null],
    ['alone under OM', { surgery: { R: 'OM', lesions: [{ at }, { at: 'L1' }] } }, true],
    ['one of two under OM', { surgery: { R: 'OM', lesions: [{ at }, { at: 'R2' }] } }, null],
    ['under OB', { surgery: { R: 'OB', lesions: [{ at }] } }, false],
    ['under OS', { surgery: { R: 'OS', lesions: [{ at }] } }, null],
    ['OM of the other breast', { surgery: { L: 'OM', R: 'ON', lesions: [{ at }] } }, false],
    [
      'malignant by a code that no rule names',
      { surgery: { R: 'OB', lesions: [{ at, opinion: 'HI' }] } },
      null,
    ],
    ['LCIS alone', { biopsy_wide: { lesions: [{ at, type: 'a', inSituComponents: ['NIL'] }] } }, false],
    [
      'LCIS alone, called malignant',
      { biopsy_wide: { lesions: [{ at, opinion: 'B5', inSituComponents: ['NIL'] }] } },
      null,
    ],
  ];
  for (const [name, short, expected] of cases) {
    test(`${name}: ${String(expected)}`, () => {
      const history = episode('1', short);
      const lesion = history.lesions.find(({ side, lesionNumber }) => side === 'R' && lesionNumber === 1)!;
      assert.equal(isMalignantLesion(history, lesion), expected);
    });
  }

  test('invasive and in situ are not known without tissue', () => {
    const [assessed] = episode('1', { assessment: { lesions: [{ at }] } }).lesions;
    assert.deepEqual(tissueFindings(assessed!), { isInvasive: null, isInSitu: null });
    const [recorded] = episode('1', { interval_cancer: { lesions: [{ at }] } }).lesions;
    assert.deepEqual(tissueFindings(recorded!), { isInvasive: null, isInSitu: null });
    const [cells] = episode('1', { biopsy_fine: { lesions: [{ at }] } }).lesions;
    assert.deepEqual(tissueFindings(cells!), { isInvasive: false, isInSitu: false });
    const [cut] = episode('1', { biopsy_wide: { lesions: [{ at, type: 'b' }] } }).lesions;
    assert.deepEqual(tissueFindings(cut!), { isInvasive: true, isInSitu: false });
    const [inSitu] = episode('1', { surgery: { lesions: [{ at, dcisGrade: 'NDH' }] } }).lesions;
    assert.deepEqual(tissueFindings(inSitu!), { isInvasive: false, isInSitu: true });
  });
});

describe('a mark', () => {
  const history = episode('1', {
    assessment: { lesions: [{ at: 'R4' }] },
    biopsy_wide: {
      lesions: [
        { at: 'L1', opinion: 'B5' },
        { at: 'L2', opinion: 'B2' },
        { at: 'R1', opinion: 'B2' },
        { at: 'R3', opinion: 'B5' },
      ],
    },
  });
  const cases: [string, number[], 'L' | 'R' | null, boolean | null][] = [
    ['not linked', [], 'L', null],
    ['cancer of this breast', [1], 'L', true],
    ['benign in this breast, cancer under the same number in the other', [1], 'R', false],
    ['the same number in both, the breast is not known', [1], null, null],
    ['one number, the breast is not known', [3], null, true],
    ['benign and malignant', [1, 2], 'L', true],
    ['benign alone', [2], 'L', false],
    ['benign and one without tissue', [1, 4], 'R', null],
    ['malignant and one without tissue', [3, 4], 'R', true],
    ['only in the other breast', [3], 'L', null],
    ['no such lesion', [9], 'L', null],
  ];
  for (const [name, numbers, breast, expected] of cases) {
    test(`${name}: ${String(expected)}`, () => {
      assert.equal(isMalignantMark(history, numbers, breast), expected);
    });
  }

  test('lesions that are in the other breast only', () => {
    assert.deepEqual(lesionsOfOtherBreast(history.lesions, [1, 2, 3, 9], 'R'), [2]);
    assert.deepEqual(lesionsOfOtherBreast(history.lesions, [1, 2, 3, 9], 'L'), [3]);
    assert.deepEqual(lesionsOfOtherBreast(history.lesions, [1, 2, 3], null), []);
    assert.deepEqual(lesionsOfOtherBreast(history.lesions, [], 'L'), []);
  });
});
