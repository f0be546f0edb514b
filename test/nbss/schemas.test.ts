import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { codeRows } from '../../pipeline/tables/codes.js';
import type { Table } from '../../schemas/column.js';
import { readSchemaJson } from '../../schemas/files.js';
import { CODE_LISTS } from '../../schemas/nbss/code-lists.js';
import { field, nbssColumns, type NbssColumn } from '../../schemas/nbss/column.js';
import { nbssField } from '../../schemas/nbss/fields.js';
import { assessments } from '../../schemas/tables/assessments.js';
import { clinicalExams } from '../../schemas/tables/clinical-exams.js';
import { codes } from '../../schemas/tables/codes.js';
import { episodes } from '../../schemas/tables/episodes.js';
import { events, surgeryEventColumns } from '../../schemas/tables/events.js';
import { fineBiopsies } from '../../schemas/tables/fine-biopsies.js';
import { intervalCancers } from '../../schemas/tables/interval-cancers.js';
import { lesions } from '../../schemas/tables/lesions.js';
import { screeningSides } from '../../schemas/tables/screening-sides.js';
import { surgeries } from '../../schemas/tables/surgeries.js';
import { wideBiopsies } from '../../schemas/tables/wide-biopsies.js';

interface PrintedField {
  name: string;
  kind: string;
  codes: string | null;
  unit: string | null;
}

const printed = readSchemaJson('nbss/fields.json') as Record<string, PrintedField[]>;

/** NBSS tables behind each of ours, as the NBSS notes list them. */
const BEHIND: [Table, string[]][] = [
  [episodes, ['Episode']],
  [events, ['ScreeningDS', 'ImagingDS', 'ClinicalExamDS', 'WbnDS', 'FnaDS', 'SurgeryDS']],
  [screeningSides, ['ScreeningProcedure']],
  [assessments, ['ImagingProcedure']],
  [clinicalExams, ['ClinicalExamProcedure']],
  [wideBiopsies, ['WbnProcedure', 'VaeProcedure']],
  [fineBiopsies, ['FnaProcedure']],
  [surgeries, ['SurgeryProcedure']],
  [intervalCancers, ['IntervalCancerScrFilmReview', 'IntervalCancerSymptomatic']],
  [lesions, ['Lesion']],
];

/** Fields that the format page names and no NBSS table has. */
const JSON_ONLY = new Set([
  'EpisodeType',
  'EpisodeAction',
  'ActualEpisodeOpenedYear',
  'PatientAge',
  'AccessionID',
  'StudyList',
  'left_opinion',
  'right_opinion',
  'DiagnosticSetOutcome',
  'Opinion',
  'DatePerformed',
  'SpecimenType',
]);

const columnsOf = (table: Table): NbssColumn[] => nbssColumns(table);

describe('columns of NBSS tables', () => {
  test('come from a printed field of the right NBSS table, or from one that only the JSON has', () => {
    for (const [table, behind] of BEHIND) {
      for (const column of columnsOf(table)) {
        const known = behind.some((name) => printed[name]?.some((entry) => entry.name === column.field));
        assert.ok(known || JSON_ONLY.has(column.field), `${table.name}.${column.name} <- ${column.field}`);
      }
    }
  });

  test('have the type, unit and code list of their field', () => {
    const types: Record<string, string[]> = {
      text: ['string'],
      code: ['string', 'list<string>'],
      code_list: ['list<string>'],
      number: ['double', 'int'],
      yes_no: ['bool'],
      date: ['date'],
      time: ['string'],
    };
    for (const [table, behind] of BEHIND) {
      for (const column of columnsOf(table)) {
        const fields = behind.flatMap(
          (name) => printed[name]?.filter(({ name: n }) => n === column.field) ?? [],
        );
        if (fields.length === 0 || column.field === 'LesionDescription') continue;
        const where = `${table.name}.${column.name}`;
        assert.ok(
          fields.some(({ kind }) => types[kind]?.includes(column.type)),
          where,
        );
        assert.ok(
          fields.some(({ unit }) => unit === null || unit === column.unit),
          where,
        );
        if (column.codes !== null && column.source.includes('Procedure.')) {
          assert.ok(
            fields.some(({ codes: list }) => list === column.codes),
            where,
          );
        }
      }
    }
  });

  test('are described so that the description says more than the name', () => {
    for (const [table] of [...BEHIND, [codes] as const]) {
      for (const { name, description } of table.columns) {
        assert.ok(description.length >= 20, `${table.name}.${name}: too short`);
        assert.ok(description.trim().endsWith('.'), `${table.name}.${name}: no full sentence`);
        const words = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
        assert.notEqual(words(description), words(name));
      }
    }
  });

  test('say nothing twice in one table', () => {
    for (const [table] of BEHIND) {
      const descriptions = table.columns.map(({ description }) => description);
      const twice = descriptions.filter((text, index) => descriptions.indexOf(text) !== index);
      assert.deepEqual(twice, [], table.name);
    }
  });

  test('name code lists that table codes has', () => {
    for (const [table] of BEHIND) {
      for (const column of [...columnsOf(table), ...surgeryEventColumns]) {
        if (column.codes !== null) assert.ok(CODE_LISTS.has(column.codes), `${table.name}.${column.name}`);
        if (column.labels !== null) assert.ok(CODE_LISTS.has(column.labels), `${table.name}.${column.name}`);
      }
    }
  });

  test('flag every long text that people typed', () => {
    for (const [table] of BEHIND) {
      for (const { name, freeText } of table.columns) {
        const typed =
          /comment|notes|_other$|other_growth|reason$/.test(name) &&
          name !== 'repeat_reason' &&
          name !== 'reason';
        if (typed) assert.equal(freeText, true, `${table.name}.${name}`);
      }
    }
  });

  test('end with extra, begin with the key', () => {
    for (const [table] of BEHIND) {
      assert.equal(table.columns.at(-1)?.name, 'extra');
      assert.deepEqual(
        table.columns.slice(0, table.key.length).map(({ name }) => name),
        table.key,
      );
    }
  });

  test('cover every field that the format page names', () => {
    const has = (table: Table, ...names: string[]) => {
      for (const name of names)
        assert.ok(
          columnsOf(table).some((c) => c.field === name),
          `${table.name} ${name}`,
        );
    };
    has(
      episodes,
      'EpisodeType',
      'EpisodeAction',
      'EpisodeIsClosed',
      'EpisodeOpenedDate',
      'EpisodeClosedDate',
    );
    has(episodes, 'ActualEpisodeOpenedYear', 'PatientAge', 'AccessionID', 'StudyList', 'IntervalCancerType');
    has(episodes, 'IntervalCancerSizeMm', 'IntervalCancerDateOfDiagnosis', 'IntervalCancerDateOfReview');
    has(episodes, 'IntervalCancerDateOfRegional');
    has(screeningSides, 'DateTaken', 'Opinion', 'EquipmentMakeModel', 'EquipmentUsed', 'AgeAtScreening');
    has(screeningSides, 'FilmReaders', 'SizeMm', 'Mass', 'Microcalcification', 'MicrocalcWithMass');
    for (const table of [
      assessments,
      clinicalExams,
      wideBiopsies,
      fineBiopsies,
      surgeries,
      intervalCancers,
    ]) {
      has(table, 'DatePerformed', 'Opinion', 'DiagnosticSetOutcome', 'left_opinion', 'right_opinion');
    }
    has(lesions, 'LesionDescription', 'LesionPosition', 'LesionNotes', 'CystAspirated');
  });
});

describe('the field factory', () => {
  test('refuses a field that no NBSS table has', () => {
    assert.throws(() => field(['SurgeryProcedure'], 'NoSuchField', 'text', 'x'), /NoSuchField/);
  });

  test('finds a field whatever its case and separators', () => {
    assert.equal(nbssField('WbnProcedure', 'invasive_components')?.name, 'InvasiveComponents');
    assert.equal(nbssField('WbnProcedure', 'Invasive Components')?.kind, 'code_list');
    assert.equal(nbssField('WbnProcedure', 'constructor'), undefined);
  });

  test('takes every column of wide biopsies from the longer list, which holds the shorter', () => {
    const shorter = CODE_LISTS.get('BENL')?.codes.map(({ code }) => code) ?? [];
    const longer = new Set(CODE_LISTS.get('BENL2')?.codes.map(({ code }) => code));
    assert.ok(shorter.length > 0 && shorter.every((code) => longer.has(code)));
    assert.equal(columnsOf(wideBiopsies).find(({ name }) => name === 'benign_lesions')?.codes, 'BENL2');
  });
});

describe('table codes', () => {
  const rows = codeRows();
  const find = (list: string, code: string) => rows.find((row) => row.list === list && row.code === code);
  const lists = (readSchemaJson('nbss/code-lists.json') as { lists: Record<string, { codes: object }> })
    .lists;

  test('has a row for each printed code: 92 lists, 702 codes', () => {
    const nbss = rows.filter((row) => !/^omidb(-etl)?:/.test(row.list));
    assert.equal(new Set(nbss.map((row) => row.list)).size, 92);
    assert.equal(nbss.length, 702);
    for (const [list, { codes: entries }] of Object.entries(lists)) {
      for (const code of Object.keys(entries)) assert.ok(find(list, code), `${list} ${code}`);
    }
  });

  test('names each code once, in order', () => {
    const keys = rows.map((row) => `${row.list}\u0000${row.code}`);
    assert.equal(new Set(keys).size, keys.length);
    assert.deepEqual(keys, [...keys].sort());
    for (const row of rows) {
      assert.deepEqual(Object.keys(row).sort(), codes.columns.map(({ name }) => name).sort());
    }
  });

  test('tells text, label, obsolete codes, modality and doubtful lists', () => {
    assert.equal(find('OPINION', 'OM')?.['text'], 'Malignant');
    assert.equal(find('OPINION', 'OM')?.['label'], 'O Malignant');
    assert.equal(find('BIMHG', '1')?.['obsolete'], true);
    assert.equal(find('BIMHG', 'G1')?.['obsolete'], false);
    assert.equal(find('PEPR', 'MMAMB')?.['modality'], 'MR');
    assert.equal(find('PEPR', 'XSCMB')?.['screen_or_assess'], 'S');
    assert.equal(find('MRIRR', 'ST')?.['text'], 'Surgery');
    assert.match(String(find('MRIRR', 'ST')?.['note']), /as printed/);
    assert.equal(find('LOCTYP', 'S')?.['label'], null);
  });

  test('holds the vocabularies of OMI-DB', () => {
    assert.equal(find('omidb:client_status', 'CI')?.['text'], 'Interval Cancer');
    assert.equal(find('omidb:episode_outcome', 'CIP')?.['text'], 'Interval Cancer Prior');
    assert.equal(find('omidb:undefined_episode_outcome', 'DateError')?.['text'], 'Episodes cannot be sorted');
    assert.equal(find('omidb:side_opinion', 'OS')?.['text'], 'Suspicious');
    assert.equal(find('omidb:mark_conspicuity', 'Very_subtle')?.['text'], 'Very subtle');
    assert.ok(find('omidb:mark_mass_classification', 'spiculated'));
    assert.ok(find('omidb:mark_benign_classification', 'rod-like'));
  });
});
