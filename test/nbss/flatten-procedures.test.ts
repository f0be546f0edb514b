import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { day, extraOf, flattenEpisode, values } from './helpers.js';

describe('procedures', () => {
  test('give a row for each lesion, L before R and by number', () => {
    const { rows } = flattenEpisode({
      BIOPSYWIDE: { R: { '10': {}, '2': { Opinion: 'B5' } }, L: { '3': {} } },
    });
    assert.deepEqual(rows.wide_biopsies.map(values), [
      { side: 'L', lesion_number: 3 },
      { side: 'R', lesion_number: 2, opinion: 'B5' },
      { side: 'R', lesion_number: 10 },
    ]);
  });

  test('each have their own table and event', () => {
    const lesion = { L: { '1': { DatePerformed: '2012-03-04' } } };
    const { rows, reported } = flattenEpisode({
      INTERVALCANCER: lesion,
      SURGERY: lesion,
      biopsyfine: lesion,
      Biopsy_Wide: lesion,
      CLINICAL: lesion,
      ASSESSMENT: lesion,
      SCREENING: {},
    });
    assert.deepEqual(
      rows.events.map((row) => row['event']),
      ['screening', 'assessment', 'clinical', 'biopsy_wide', 'biopsy_fine', 'surgery', 'interval_cancer'],
    );
    const { assessments, clinical_exams, wide_biopsies, fine_biopsies, surgeries, interval_cancers } = rows;
    for (const table of [
      assessments,
      clinical_exams,
      wide_biopsies,
      fine_biopsies,
      surgeries,
      interval_cancers,
    ]) {
      assert.deepEqual(table.map(values), [
        { side: 'L', lesion_number: 1, date_performed: day('2012-03-04') },
      ]);
    }
    assert.deepEqual(reported, []);
  });

  test('know the other spellings of the JSON', () => {
    const { rows, reported } = flattenEpisode({
      BIOPSYWIDE: {
        L: {
          '1': {
            InsituPresent: 'Y',
            LymphNode: 'N',
            CalcificationsOnSpecimen: 'Yes',
            SpecimenType: 'WBN',
            LocalisationType: 'U',
            left_opinion: 'Malignant',
            DiagnosticSetOutcome: 'ST',
          },
        },
      },
      SURGERY: {
        L: {
          '1': { AxillarySpecimenType: 'SB AC', AxillaryNodesPositive: 'Y', TherapeuticProcedures: 'SB AX' },
        },
      },
    });
    assert.deepEqual(values(rows.wide_biopsies[0]), {
      side: 'L',
      lesion_number: 1,
      in_situ_present: true,
      possible_lymph_node: false,
      calcification_on_specimen: 'Y',
      specimen_type: 'WBN',
      localisation_type: 'U',
      left_opinion: 'OM',
      diagnostic_set_outcome: 'ST',
    });
    assert.deepEqual(values(rows.surgeries[0]), {
      side: 'L',
      lesion_number: 1,
      axillary_specimen_types: ['SB', 'AC'],
      axillary_nodes_present: true,
      therapeutic_procedures: ['SB', 'AX'],
    });
    assert.deepEqual(reported, []);
  });

  test('have the distinct dates of their lesions, then that of the block', () => {
    const { rows } = flattenEpisode({
      ASSESSMENT: {
        R: { '1': { DatePerformed: '2012-03-04' }, '2': { DatePerformed: 'soon' } },
        L: { '2': { DatePerformed: '20120306' }, '5': { DatePerformed: '2012-03-04' } },
        dateperformed: '2012-03-01',
      },
    });
    assert.deepEqual(rows.events[0]?.['event_dates'], [
      day('2012-03-06'),
      day('2012-03-04'),
      day('2012-03-01'),
    ]);
    assert.equal(rows.events[0]['date_performed'], day('2012-03-01'));
  });

  test('keep below L and R what is no lesion', () => {
    const { rows, reported } = flattenEpisode({
      SURGERY: {
        L: {
          '01': {},
          '-1': {},
          '1.0': {},
          '2147483648': {},
          '1': null,
          '2': [],
          '3': 'x',
          '0': {},
          '2147483647': {},
        },
        R: [],
      },
    });
    assert.deepEqual(
      rows.surgeries.map((row) => row['lesion_number']),
      [0, 1, 2147483647],
    );
    assert.deepEqual(extraOf(rows.events[0]), {
      L: { '1': null, '2': [], '3': 'x', '-1': {}, '1.0': {}, '2147483648': {} },
      R: [],
    });
    const keys = ['-1', '1', '1.0', '2', '2147483648', '3', 'R'];
    assert.deepEqual(
      reported.toSorted(),
      ['code_respelled 01', ...keys.map((key) => `field_unknown ${key}`)].sort(),
    );
  });

  test('have lesions whose keys have zeros or blanks, reported once for the episode', () => {
    const { rows, reported } = flattenEpisode({
      LESION: { R: { '01': { LesionDescription: 'MA' } } },
      BIOPSYWIDE: { R: { ' 1': { DatePerformed: '2012-01-20' }, '02': {} } },
    });
    assert.deepEqual(
      rows.lesions.map((row) => [row['lesion_number'], row['in_lesion_block'], row['seen_in']]),
      [
        [1, true, ['biopsy_wide']],
        [2, false, ['biopsy_wide']],
      ],
    );
    assert.deepEqual(rows.events[0]?.['event_dates'], [day('2012-01-20')]);
    assert.deepEqual(reported, ['code_respelled  1']);
  });

  test('do not take a second lesion for the first of its number, and keep its date', () => {
    const { rows, reported } = flattenEpisode({
      SURGERY: { L: { '01': { DatePerformed: '2012-02-01' }, '1': { DatePerformed: '2012-03-01' } } },
    });
    assert.deepEqual(rows.surgeries.map(values), [
      { side: 'L', lesion_number: 1, date_performed: day('2012-03-01') },
    ]);
    assert.deepEqual(rows.events[0]?.['event_dates'], [day('2012-03-01'), day('2012-02-01')]);
    assert.deepEqual(reported, ['record_unplaced 01']);
  });

  test('in surgery know the types of event, elsewhere keep them as they are', () => {
    const { rows, reported } = flattenEpisode({
      SURGERY: { EventType: 'ASS PTR', Comments: 'ok', OverallAction: 'ST', OverallDate: '20120304' },
      ASSESSMENT: { EventType: 'Diagnostic Surgery' },
    });
    assert.deepEqual(
      rows.events.map((row) => row['event_type']),
      [['Diagnostic Surgery'], ['ASS', 'PTR']],
    );
    assert.deepEqual(reported, []);
  });
});

describe('lesions', () => {
  test('are all that the LESION block or a procedure names', () => {
    const { rows, reported } = flattenEpisode({
      LESION: {
        R: {
          '2': { LesionDescription: 'Mass', LesionPosition: 'RB2', LesionNotes: 'n', CystAspirated: 'N' },
        },
      },
      ASSESSMENT: { R: { '2': {} }, L: { '1': {} } },
      SURGERY: { L: { '1': {}, '4': {} } },
      INTERVALCANCER: { L: { '4': {} } },
      SCREENING: { L: { '9': {} } },
    });
    assert.deepEqual(rows.lesions.map(values), [
      { side: 'L', lesion_number: 1, in_lesion_block: false, seen_in: ['assessment', 'surgery'] },
      { side: 'L', lesion_number: 4, in_lesion_block: false, seen_in: ['surgery', 'interval_cancer'] },
      {
        side: 'R',
        lesion_number: 2,
        in_lesion_block: true,
        seen_in: ['assessment'],
        lesion_description: 'MA',
        lesion_position: 'RB2',
        lesion_notes: 'n',
        cyst_aspirated: false,
      },
    ]);
    assert.deepEqual(reported, ['field_unknown 9']);
  });

  test('keep what else stands in their block with the episode', () => {
    const { rows, reported } = flattenEpisode({ LESION: { L: { x: 1 }, Odd: 2, R: { '1': { Odd: 3 } } } });
    assert.deepEqual(extraOf(rows.episodes[0]), { LESION: { Odd: 2, L: { x: 1 } } });
    assert.deepEqual(extraOf(rows.lesions[0]), { Odd: 3 });
    assert.deepEqual(reported, ['field_unknown Odd', 'field_unknown x']);
  });
});

test('a block of any size is read', () => {
  const many = 130_000; // more than a function call can have arguments
  const entries = (content: unknown) =>
    Object.fromEntries(Array.from({ length: many }, (_, n) => [n, content]));
  const lesions = flattenEpisode({ CLINICAL: { L: entries({}) } }).rows.lesions;
  assert.equal(lesions.length, many);
  const odd = flattenEpisode({ CLINICAL: { L: entries(null) } });
  assert.equal(odd.reported.length, many);
});
