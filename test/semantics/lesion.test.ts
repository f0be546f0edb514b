import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lesionMeaning } from '../../pipeline/semantics/lesion.js';
import { fact } from './helpers.js';

type Fields = Record<string, string> | null;

/** The meaning of lesion 1 of the left side, with these fields in wide biopsy and surgery. */
function meaning(wide: Fields, surgery: Fields) {
  const block = (fields: Fields) => (fields === null ? null : { L: { '1': fields } });
  const { lesions } = fact({
    LESION: { L: { '1': {} } },
    BIOPSYWIDE: block(wide),
    SURGERY: block(surgery),
  });
  assert.equal(lesions.length, 1);
  return lesionMeaning(lesions[0]!);
}

describe('invasive and in situ', () => {
  const invasive = (...from: string[]) => ({ invasive: from, inSitu: [] });
  const inSitu = (...from: string[]) => ({ invasive: [], inSitu: from });
  const neither = { invasive: [], inSitu: [] };

  const cases: [string, Fields, Fields, { invasive: string[]; inSitu: string[] }][] = [
    ['nothing known', null, null, neither],
    ['empty records', {}, {}, neither],
    // Invasive: wide biopsy MalignancyType b, or its InvasiveComponents, InvasiveType or DiseaseGrade.
    ['wide: type b', { MalignancyType: 'b' }, null, invasive('biopsy_wide')],
    ['wide: type b as text', { MalignancyType: 'Invasive' }, null, invasive('biopsy_wide')],
    ['wide: components', { InvasiveComponents: 'IDC ILC' }, null, invasive('biopsy_wide')],
    ['wide: invasive type', { InvasiveType: 'IN' }, null, invasive('biopsy_wide')],
    ['wide: disease grade', { DiseaseGrade: 'G1' }, null, invasive('biopsy_wide')],
    ['wide: disease grade not assessable is set', { DiseaseGrade: 'NA' }, null, invasive('biopsy_wide')],
    [
      'wide: type a, and a disease grade',
      { MalignancyType: 'a', DiseaseGrade: 'G2' },
      null,
      invasive('biopsy_wide'),
    ],
    // Or surgery's.
    ['surgery: components', null, { InvasiveComponents: 'IMU' }, invasive('surgery')],
    ['surgery: invasive type', null, { InvasiveType: 'IO' }, invasive('surgery')],
    ['surgery: disease grade', null, { DiseaseGrade: 'III' }, invasive('surgery')],
    ['both', { MalignancyType: 'b' }, { DiseaseGrade: 'G3' }, invasive('surgery', 'biopsy_wide')],
    [
      'surgery invasive, biopsy in situ: not in situ',
      { MalignancyType: 'a', DcisGrade: 'NDH' },
      { InvasiveType: 'IN' },
      invasive('surgery'),
    ],
    [
      'type b, in situ components: not in situ',
      { MalignancyType: 'b', InSituComponents: 'NID' },
      null,
      invasive('biopsy_wide'),
    ],
    // In situ: type a; or type unset or c, with components or grade.
    ['wide: type a', { MalignancyType: 'a' }, null, inSitu('biopsy_wide')],
    ['wide: components, type unset', { InSituComponents: 'NID' }, null, inSitu('biopsy_wide')],
    [
      'wide: components, type c',
      { MalignancyType: 'c', InSituComponents: 'NIL' },
      null,
      inSitu('biopsy_wide'),
    ],
    ['wide: DCIS grade, type unset', { DcisGrade: 'NDL' }, null, inSitu('biopsy_wide')],
    ['wide: DCIS grade, type c', { MalignancyType: 'c', DcisGrade: 'NDN' }, null, inSitu('biopsy_wide')],
    ['wide: type c alone', { MalignancyType: 'c' }, null, neither],
    // Or surgery's components or grade, with whichever of these types.
    ['surgery: components', null, { InSituComponents: 'NIP' }, inSitu('surgery')],
    ['surgery: DCIS grade', {}, { DcisGrade: 'NDI' }, inSitu('surgery')],
    ['surgery: DCIS grade, type c', { MalignancyType: 'c' }, { DcisGrade: 'NDI' }, inSitu('surgery')],
    ['both', { MalignancyType: 'a' }, { DcisGrade: 'NDI' }, inSitu('surgery', 'biopsy_wide')],
    // An unknown MalignancyType counts as none, as in the reference.
    ['surgery: DCIS grade, unknown type', { MalignancyType: 'z' }, { DcisGrade: 'NDI' }, inSitu('surgery')],
    [
      'wide: components, unknown type',
      { MalignancyType: 'z', InSituComponents: 'NID' },
      null,
      inSitu('biopsy_wide'),
    ],
    // Codes that the lists of the reference do not have count as none.
    ['unknown component', { InvasiveComponents: 'QQQ' }, { InSituComponents: 'QQQ' }, neither],
    ['unknown grade and type', { DiseaseGrade: 'G9' }, { InvasiveType: 'ZZ', DcisGrade: 'ZZZ' }, neither],
    [
      'a known component among unknown ones',
      { InvasiveComponents: 'QQQ IDC' },
      null,
      invasive('biopsy_wide'),
    ],
    // What the rules do not name.
    ['InvasivePresent and InSituPresent', { InvasivePresent: 'Y' }, { InSituPresent: 'Y' }, neither],
  ];
  for (const [name, wide, surgery, expected] of cases) {
    test(name, () => {
      const found = meaning(wide, surgery);
      assert.deepEqual({ invasive: found.invasiveFrom, inSitu: found.inSituFrom }, expected);
      assert.equal(found.invasive, expected.invasive.length > 0);
      assert.equal(found.inSitu, expected.inSitu.length > 0);
    });
  }

  test('MalignancyType in surgery is no field of the rule', () => {
    assert.deepEqual(meaning(null, { MalignancyType: 'b' }).invasive, false);
  });
});

describe('grade', () => {
  const wideBoth = { DiseaseGrade: 'G1', DcisGrade: 'NDL' };
  const cases: [string, Fields, Fields, string | null, string | null][] = [
    ['none', {}, {}, null, null],
    [
      'surgery DiseaseGrade first',
      wideBoth,
      { DiseaseGrade: 'G2', DcisGrade: 'NDH' },
      'G2',
      'surgery disease_grade',
    ],
    ['else wide-biopsy DiseaseGrade', wideBoth, { DcisGrade: 'NDH' }, 'G1', 'biopsy_wide disease_grade'],
    ['else surgery DcisGrade', { DcisGrade: 'NDL' }, { DcisGrade: 'NDH' }, 'NDH', 'surgery dcis_grade'],
    ['else wide-biopsy DcisGrade', { DcisGrade: 'NDL' }, {}, 'NDL', 'biopsy_wide dcis_grade'],
    [
      'by order, not by severity',
      { DiseaseGrade: 'G3' },
      { DiseaseGrade: 'G1' },
      'G1',
      'surgery disease_grade',
    ],
    [
      'not assessable is a grade',
      { DiseaseGrade: 'G3' },
      { DiseaseGrade: 'NA' },
      'NA',
      'surgery disease_grade',
    ],
    ['as text', null, { DiseaseGrade: 'II' }, 'G2', 'surgery disease_grade'],
    ['an unknown one is passed over', wideBoth, { DiseaseGrade: 'G9' }, 'G1', 'biopsy_wide disease_grade'],
  ];
  for (const [name, wide, surgery, grade, from] of cases) {
    test(name, () => {
      const found = meaning(wide, surgery);
      const source =
        found.gradeFrom === null ? null : `${found.gradeFrom.procedure} ${found.gradeFrom.field}`;
      assert.deepEqual([found.grade, source], [grade, from]);
    });
  }
});

test('tissue belongs to the lesion of its side and number', () => {
  const { lesions } = fact({
    LESION: { L: { '1': {}, '2': {} }, R: { '1': {} } },
    SURGERY: {
      R: { '1': { DiseaseGrade: 'G3' } },
      L: { '2': { DcisGrade: 'NDH' }, '3': { InvasiveType: 'IN' } },
    },
  });
  const found = lesions.map((lesion) => {
    const { invasive, inSitu, grade } = lesionMeaning(lesion);
    return [`${lesion.side}${lesion.lesionNumber}`, invasive, inSitu, grade];
  });
  assert.deepEqual(found, [
    ['L1', false, false, null],
    ['L2', false, true, 'NDH'],
    ['L3', true, false, null],
    ['R1', true, false, 'G3'],
  ]);
});
