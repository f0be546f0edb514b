import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { day, extraOf, flatten, flattenEpisode, values } from './helpers.js';

describe('the top of the file', () => {
  test('gives an episode for every object, in the order of the file', () => {
    const text = '{"ClientID":"optm1","40":{},"Classification":"M","7":{},"E":{},"":{}}';
    const { rows, reported } = flatten(text);
    assert.deepEqual(
      rows.episodes.map((row) => row['episode_id']),
      ['40', '7', 'E', ''],
    );
    assert.equal(rows.fileClientId, 'optm1');
    assert.equal(rows.classification, 'M');
    assert.equal(rows.clientExtra, null);
    assert.deepEqual(reported, []);
  });

  test('keeps keys that are no episode beside the client, and reports each', () => {
    const { rows, mismatches } = flatten({ ClientID: 'optm1', Note: 'x', '12': [{ a: 1 }], '13': null });
    assert.deepEqual(rows.episodes, []);
    assert.deepEqual({ ...rows.clientExtra }, { Note: 'x', '12': [{ a: 1 }], '13': null });
    assert.deepEqual(mismatches.map(({ kind, found }) => [kind, found]).sort(), [
      ['field_unknown', '12'],
      ['field_unknown', '13'],
      ['field_unknown', 'Note'],
    ]);
    for (const { client_id, path } of mismatches) {
      assert.deepEqual([client_id, path], ['optm1', 'optm1/nbss_optm1.json']);
    }
  });

  test('takes ClientID and Classification in any spelling; what contradicts them is kept', () => {
    const { rows, reported } = flatten({
      client_id: 'optm1',
      CLASSIFICATION: 'N',
      Classification: 'M',
      ClientID: {},
    });
    assert.equal(rows.fileClientId, 'optm1');
    assert.equal(rows.classification, 'N');
    assert.deepEqual({ ...rows.clientExtra }, { Classification: 'M', ClientID: {} });
    assert.deepEqual(reported, ['field_unknown Classification', 'field_unknown ClientID']);
    assert.deepEqual(rows.episodes, []);
  });

  test('reads __proto__ and constructor as any other key', () => {
    const { rows } = flatten('{"__proto__":{"PatientAge":51},"constructor":{"__proto__":{"a":1}}}');
    assert.deepEqual(
      rows.episodes.map((row) => [row['episode_id'], row['patient_age']]),
      [
        ['__proto__', 51],
        ['constructor', null],
      ],
    );
    assert.equal(rows.episodes[1]?.['extra'], '{"__proto__":{"a":1}}');
    assert.equal(({} as Record<string, unknown>)['a'], undefined);
  });
});

describe('an episode', () => {
  test('is typed and coded', () => {
    const { rows, reported } = flattenEpisode({
      EpisodeType: 'Routine Recall',
      EpisodeAction: 'ST',
      EpisodeIsClosed: 'Y',
      EpisodeOpenedDate: '2012-03-04',
      EpisodeClosedDate: '20120405',
      ActualEpisodeOpenedYear: '2012',
      PatientAge: '52',
      AccessionID: 'A1',
      StudyList: '1.2,1.3',
      IntervalCancerType: 'Uncertain',
      IntervalCancerSizeMm: '12.5',
      IntervalCancerDateOfDiagnosis: null,
      SCREENING: null,
    });
    assert.deepEqual(values(rows.episodes[0]), {
      episode_type: 'R',
      episode_action: 'ST',
      episode_is_closed: true,
      episode_opened_date: day('2012-03-04'),
      episode_closed_date: day('2012-04-05'),
      actual_episode_opened_year: 2012,
      patient_age: 52,
      accession_id: 'A1',
      study_list: ['1.2', '1.3'],
      interval_cancer_type: '2',
      interval_cancer_size_mm: 12.5,
    });
    assert.deepEqual(reported, []);
    assert.deepEqual(rows.events, []);
  });

  test('keeps and reports what it cannot hold, and reports a key once per client', () => {
    const { rows, reported, mismatches } = flatten({
      E1: { EpisodeOpenedDate: '31/12/2012', PatientAge: '52Y', EpisodeType: 'Q9', Staff: { a: [1] } },
      E2: { Staff: null },
    });
    assert.deepEqual(values(rows.episodes[0])['episode_type'], 'Q9');
    assert.equal(rows.episodes[0]?.['patient_age'], null);
    assert.deepEqual(extraOf(rows.episodes[0]), {
      EpisodeOpenedDate: '31/12/2012',
      PatientAge: '52Y',
      Staff: { a: [1] },
    });
    assert.deepEqual(extraOf(rows.episodes[1]), { Staff: null });
    assert.deepEqual(reported, [
      'date_invalid 31/12/2012',
      'number_invalid 52Y',
      'code_unknown Q9',
      'field_unknown Staff',
    ]);
    assert.match(mismatches[0]?.detail ?? '', /episodes\.episode_opened_date .*E1/);
    assert.match(mismatches[2]?.detail ?? '', /EPC/);
    assert.match(mismatches[3]?.detail ?? '', /episodes .*"Staff"/);
  });

  test('keeps text twins of codes without guessing from them', () => {
    const { rows, reported } = flattenEpisode({ EpisodeCharacterTxt: 'Routine Recall' });
    assert.equal(rows.episodes[0]?.['episode_character'], null);
    assert.deepEqual(extraOf(rows.episodes[0]), { EpisodeCharacterTxt: 'Routine Recall' });
    assert.deepEqual(reported, ['field_unknown EpisodeCharacterTxt']);
  });

  test('knows a field under any case and separator; the first value stands, another is kept', () => {
    const { rows, reported } = flattenEpisode({
      episode_type: '',
      EPISODETYPE: 'R',
      EpisodeType: 'Routine Recall',
      'episode type': 'F',
      episodeopeneddate: '20120304',
      EpisodeOpenedDate: '2012-03-04',
    });
    assert.deepEqual(values(rows.episodes[0]), {
      episode_type: 'R',
      episode_opened_date: day('2012-03-04'),
      extra: '{"episode type":"F"}',
    });
    assert.deepEqual(reported, ['field_unknown episode type']);
  });

  test('keeps lists and objects where one value belongs, and says so', () => {
    const { rows, reported, mismatches } = flattenEpisode({ EpisodeType: ['R'], AccessionID: { a: 1 } });
    assert.deepEqual(extraOf(rows.episodes[0]), { EpisodeType: ['R'], AccessionID: { a: 1 } });
    assert.deepEqual(reported, ['field_unknown EpisodeType', 'field_unknown AccessionID']);
    assert.match(mismatches[0]?.detail ?? '', /list or an object/);
  });

  test('keeps blocks of the wrong shape whole', () => {
    const { rows, reported } = flattenEpisode({ SCREENING: [1], SURGERY: 'none', ASSESSMENT: '', LESION: 0 });
    assert.deepEqual(rows.events, []);
    assert.deepEqual(extraOf(rows.episodes[0]), { SCREENING: [1], SURGERY: 'none', LESION: 0 });
    assert.deepEqual(reported, ['field_unknown SCREENING', 'field_unknown SURGERY', 'field_unknown LESION']);
  });
});

describe('screens', () => {
  test('are a row each, and one for each side', () => {
    const { rows, reported } = flattenEpisode({
      SCREENING: {
        L: {
          DateTaken: '2012-03-04',
          Opinion: 'RN',
          AgeAtScreening: '52',
          FilmReaders: 'A1 B2',
          MicrocalcWithMass: 'N',
        },
        R: { DateTaken: '20120305', Mass: 'Yes', SizeMm: 7, EquipmentUsed: 'X1' },
        left_opinion: 'Normal',
        right_opinion: 'OM',
        Opinion: 'Benign',
        diagnosticsetoutcome: 'RR',
      },
    });
    assert.deepEqual(rows.events.map(values), [
      {
        event: 'screening',
        event_number: 1,
        event_dates: [day('2012-03-04'), day('2012-03-05')],
        left_opinion: 'ON',
        right_opinion: 'OM',
        opinion: 'OB', // of the event as a whole: read as the sides' opinions are
        diagnostic_set_outcome: 'RR',
      },
    ]);
    assert.deepEqual(rows.screening_sides.map(values), [
      {
        event_number: 1,
        side: 'L',
        date_taken: day('2012-03-04'),
        opinion: 'RN',
        age_at_screening: 52,
        film_readers: ['A1', 'B2'],
        microcalc_with_mass: false,
      },
      {
        event_number: 1,
        side: 'R',
        date_taken: day('2012-03-05'),
        mass: 'Y',
        size_mm: 7,
        equipment_used: 'X1',
      },
    ]);
    assert.deepEqual(reported, []);
  });

  test('may lack sides, or have empty ones', () => {
    for (const block of [{}, { L: null }, { L: '', R: null }]) {
      const { rows, reported } = flattenEpisode({ SCREENING: block });
      assert.deepEqual(rows.events.map(values), [{ event: 'screening', event_number: 1, event_dates: [] }]);
      assert.deepEqual(rows.screening_sides, []);
      assert.deepEqual(reported, []);
    }
    assert.deepEqual(flattenEpisode({ SCREENING: { R: {} } }).rows.screening_sides.map(values), [
      { event_number: 1, side: 'R' },
    ]);
  });

  test('further ones are numbered from 2 in the order of the file, whatever their keys', () => {
    // As text: an object of JavaScript would put the keys 9 and 10 first.
    const { rows, reported } = flatten(
      `{ "E1": { "SCREENING": {}, "OTHERSCREENING": {
           "10": { "L": { "DateTaken": "20140101" } }, "01": {}, "9": {}, "x": { "L": {} }, "2": null } } }`,
    );
    assert.deepEqual(
      rows.events.map((row) => [row['event_number'], row['source_key'], row['event_dates']]),
      [
        [1, null, []],
        [2, '10', [day('2014-01-01')]],
        [3, '01', []],
        [4, '9', []],
        [5, 'x', []],
      ],
    );
    assert.deepEqual(
      rows.screening_sides.map((row) => row['event_number']),
      [2, 5],
    );
    assert.deepEqual(extraOf(rows.episodes[0]), { OTHERSCREENING: { '2': null } });
    assert.deepEqual(reported, ['field_unknown 2']);
  });

  test('keep sides of the wrong shape, and blocks under a second spelling', () => {
    const { rows, reported } = flattenEpisode({
      screening: { l: { DateTaken: '20120304' }, L: { DateTaken: '20110101' }, R: ['x'], Odd: 1 },
      SCREENING: { R: {} },
    });
    assert.deepEqual(rows.screening_sides.map(values), [
      { event_number: 1, side: 'L', date_taken: day('2012-03-04') },
    ]);
    assert.deepEqual(extraOf(rows.events[0]), { L: { DateTaken: '20110101' }, R: ['x'], Odd: 1 });
    assert.deepEqual(extraOf(rows.episodes[0]), { SCREENING: { R: {} } });
    assert.deepEqual(reported.toSorted(), [
      'field_unknown Odd',
      'field_unknown R',
      'field_unknown SCREENING',
      'record_unplaced L',
    ]);
  });
});
