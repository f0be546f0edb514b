import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { chooseImage, type ExamImage } from '../../pipeline/semantics/exam/choose-image.js';
import { examPlaces, type DatedExam } from '../../pipeline/semantics/exam/exam-order.js';
import { examViews } from '../../pipeline/semantics/exam/exam-views.js';
import { studyRole } from '../../pipeline/semantics/exam/study-role.js';
import type { EventKind } from '../../pipeline/semantics/facts.js';
import { days, episode } from './histories.js';

describe('the role of a study', () => {
  const operated = [episode('1', { surgery: { lesions: [{ at: 'L1', date: '2012-03-01' }] } })];
  const undated = [episode('1', { surgery: { L: 'OM' } })];
  const cases: [string, string | null, EventKind[], typeof operated, string][] = [
    ['screening alone', '2012-01-01', ['screening'], [], 'screening'],
    ['two screens', '2012-01-01', ['screening', 'screening'], [], 'screening'],
    ['assessment', '2012-01-01', ['assessment'], [], 'assessment'],
    [
      'clinical and tissue',
      '2012-01-01',
      ['clinical', 'biopsy_wide', 'biopsy_fine', 'surgery'],
      [],
      'assessment',
    ],
    ['a screen and an assessment', '2012-01-01', ['screening', 'assessment'], [], 'unknown'],
    ['nothing distinct', '2012-01-01', [], [], 'unknown'],
    ['a screen after surgery', '2012-03-02', ['screening'], operated, 'post_treatment'],
    ['nothing distinct after surgery', '2012-03-02', [], operated, 'post_treatment'],
    ['on the day of surgery', '2012-03-01', ['screening'], operated, 'screening'],
    ['before surgery', '2012-01-01', ['screening'], operated, 'screening'],
    ['surgery without a date', '2012-03-02', ['screening'], undated, 'screening'],
    ['a study without a date', null, ['screening'], operated, 'screening'],
  ];
  for (const [name, date, distinct, episodes, role] of cases) {
    test(name, () => {
      assert.equal(studyRole(date === null ? null : days(date), distinct, episodes), role);
    });
  }
});

function image(sopInstanceUid: string, facts: Partial<ExamImage> = {}): ExamImage {
  return {
    sopInstanceUid,
    breast: 'L',
    view: 'CC',
    modifiers: [],
    kind: 'ffdm',
    intent: 'FOR PRESENTATION',
    hasStandardPosition: true,
    dicomOk: true,
    rows: 100,
    columns: 100,
    contentDate: 15000,
    contentTime: '101500',
    ...facts,
  };
}

describe('the image of a view', () => {
  const chosen = (...images: ExamImage[]) => {
    const found = chooseImage(images, 'L', 'CC', 'presentation');
    return found === null ? null : [found.image.sopInstanceUid, found.candidates, found.chosenBy];
  };
  const cases: [string, ExamImage[], unknown][] = [
    ['none', [], null],
    ['one', [image('1')], ['1', 1, null]],
    ['the other breast', [image('1', { breast: 'R' })], null],
    ['another view', [image('1', { view: 'MLO' })], null],
    ['no standard view', [image('1', { hasStandardPosition: false })], null],
    ['a file that is not sound', [image('1', { dicomOk: false })], null],
    ['for processing', [image('1', { intent: 'FOR PROCESSING' })], null],
    ['no intent', [image('1', { intent: null })], null],
    ['film', [image('1', { kind: 'digitised_film' })], null],
    ['tomosynthesis', [image('1', { kind: 'tomosynthesis' })], null],
    ['a synthetic image alone', [image('1', { kind: 'synthetic_2d' })], ['1', 1, null]],
    [
      'no modifier before implant displaced, whatever else',
      [image('1', { modifiers: ['ID'], rows: 900 }), image('2', { kind: 'synthetic_2d' })],
      ['2', 2, 'no modifier'],
    ],
    [
      'ffdm before synthetic, whatever the pixels',
      [image('1', { kind: 'synthetic_2d', rows: 900 }), image('2')],
      ['2', 2, 'a mammogram rather than a synthetic image'],
    ],
    [
      'more pixels, whatever the time',
      [image('1', { contentTime: '120000' }), image('2', { rows: 101 }), image('3')],
      ['2', 3, 'more pixels'],
    ],
    ['unknown size last', [image('1', { rows: null }), image('2')], ['2', 2, 'more pixels']],
    ['later time', [image('1'), image('2', { contentTime: '101500.5' })], ['2', 2, 'later content time']],
    [
      'later day',
      [image('1', { contentTime: '235959' }), image('2', { contentDate: 15001 })],
      ['2', 2, 'later content time'],
    ],
    [
      'two days before 1970',
      [image('1', { contentDate: -15 }), image('2', { contentDate: -10 })],
      ['2', 2, 'later content time'],
    ],
    [
      'a day before 1970',
      [image('1', { contentDate: -5 }), image('2', { contentDate: 3 })],
      ['2', 2, 'later content time'],
    ],
    [
      'no day last',
      [image('1', { contentDate: null }), image('2', { contentTime: null })],
      ['2', 2, 'later content time'],
    ],
    [
      'the same time written in two ways: the UID',
      [image('2', { contentTime: '101500.0' }), image('1')],
      ['1', 2, 'the first SOP Instance UID'],
    ],
  ];
  for (const [name, images, expected] of cases) {
    test(name, () => {
      assert.deepEqual(chosen(...images), expected);
      assert.deepEqual(chosen(...[...images].reverse()), expected, 'in any order');
    });
  }

  test('other images of the study change nothing on this breast', () => {
    const any = fc.record({
      sopInstanceUid: fc.uuid(),
      breast: fc.constantFrom('R' as const, null),
      rows: fc.integer({ min: 1, max: 9000 }),
      kind: fc.constantFrom('ffdm' as const, 'synthetic_2d' as const),
    });
    fc.assert(
      fc.property(fc.array(any), (others) => {
        const own = [image('1', { modifiers: ['ID'] }), image('2', { kind: 'synthetic_2d' })];
        const images = [
          ...others.map(({ sopInstanceUid, ...facts }) => image(sopInstanceUid, facts)),
          ...own,
        ];
        assert.deepEqual(chosen(...images), chosen(...own));
      }),
    );
  });
});

describe('the views of an exam', () => {
  const four = [
    image('lcc'),
    image('lmlo', { view: 'MLO' }),
    image('rcc', { breast: 'R' }),
    image('rmlo', { breast: 'R', view: 'MLO' }),
  ];
  const named = (images: ExamImage[]) =>
    examViews(images).views.flatMap(({ breast, view, purpose, chosen }) =>
      chosen === null ? [] : [`${breast}${view} ${purpose} ${chosen.image.sopInstanceUid}`],
    );

  test('four for presentation are complete; tomosynthesis and processing stand apart', () => {
    const images = [
      ...four,
      image('raw', { intent: 'FOR PROCESSING' }),
      image('tomo', { kind: 'tomosynthesis', intent: null }),
      image('rawtomo', { kind: 'tomosynthesis', intent: 'FOR PROCESSING', view: 'MLO' }),
    ];
    const { isComplete, missingViews, chosenBy, views } = examViews(images);
    assert.deepEqual([isComplete, missingViews, chosenBy, views.length], [true, [], null, 12]);
    assert.deepEqual(named(images), [
      'LCC presentation lcc',
      'LMLO presentation lmlo',
      'RCC presentation rcc',
      'RMLO presentation rmlo',
      'LCC processing raw',
      'LCC tomo tomo',
    ]);
  });

  test('what is missing, and what decided', () => {
    const repeated = image('again', { breast: 'R', rows: 200 });
    const { isComplete, missingViews, chosenBy } = examViews([repeated, four[2]!, four[1]!]);
    assert.equal(isComplete, false);
    assert.deepEqual(missingViews, ['LCC', 'RMLO']);
    assert.equal(chosenBy, 'RCC presentation: more pixels');
  });

  test('a study without images of these views', () => {
    const { isComplete, missingViews } = examViews([image('x', { hasStandardPosition: false })]);
    assert.equal(isComplete, false);
    assert.deepEqual(missingViews, ['LCC', 'LMLO', 'RCC', 'RMLO']);
  });
});

describe('the exams of a woman', () => {
  const exam = (studyInstanceUid: string, date: number | null, role: DatedExam['role'] = 'screening') => ({
    studyInstanceUid,
    role,
    date,
  });
  const place = (uid: string, exams: DatedExam[]) => {
    const { number, prior } = examPlaces(exams).get(uid)!;
    return [number, prior === null ? null : [prior.studyInstanceUid, prior.days]];
  };

  test('screens are counted, other roles have a prior and no number', () => {
    const exams = [
      exam('c', 2000),
      exam('a', 0),
      exam('b', 1000),
      exam('x', 1030, 'assessment'),
      exam('u', null),
      exam('p', 3000, 'post_treatment'),
    ];
    assert.deepEqual(place('a', exams), [1, null]);
    assert.deepEqual(place('b', exams), [2, ['a', 1000]]);
    assert.deepEqual(place('c', exams), [3, ['b', 1000]]);
    assert.deepEqual(place('x', exams), [null, ['b', 30]]);
    assert.deepEqual(place('p', exams), [null, ['c', 1000]]);
    assert.deepEqual(place('u', exams), [null, null]);
  });

  test('exams of one day are not before each other; the prior of one day is the first by UID', () => {
    const exams = [exam('2', 0), exam('1', 0), exam('3', 730)];
    assert.deepEqual(place('1', exams), [1, null]);
    assert.deepEqual(place('2', exams), [1, null]);
    assert.deepEqual(place('3', exams), [3, ['1', 730]]);
    assert.deepEqual(place('3', [...exams].reverse()), [3, ['1', 730]]);
  });
});
