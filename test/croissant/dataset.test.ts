import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { croissant, PARQUET, SPLITS, type CroissantDataset } from '../../pipeline/croissant/dataset.js';
import { recordSetsOf, typeOfColumn } from '../../pipeline/croissant/tables.js';
import { column, required, table } from '../../schemas/column.js';
import { croissantFaults, type Croissant } from '../helpers/croissant.js';
import { temporaryFolder } from '../helpers/cli.js';

const folder = temporaryFolder();
mkdirSync(join(folder, 'data'));
writeFileSync(join(folder, 'data', 'train.parquet'), 'train');
writeFileSync(join(folder, 'users.csv'), '');

/** After simple-split and simple-join of the examples of Croissant 1.0. */
const DATASET: CroissantDataset = {
  name: 'simple',
  description: 'Example to declare splits and joins.',
  version: '1.0.0+20261126T190848.774Z-020b69',
  datePublished: '2026-11-26T19:08:48.774Z',
  keywords: ['example'],
  files: [
    // sha256sum of the text `train`, and of nothing.
    { path: 'data/train.parquet', format: PARQUET, bytes: 5, sha256: '116f54c41d0405dbb10e7b04ebc31e262a5b8c85c1233fcf36eaee344d91ae58' },
    { path: 'users.csv', format: 'text/csv', bytes: 0, sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
  ],
  fileSets: [{ id: 'dataframes', includes: 'data/*.parquet', format: PARQUET }],
  recordSets: [
    {
      name: 'data',
      description: 'Data in the split.',
      source: { fileSet: 'dataframes' },
      key: ['data'],
      fields: [
        { name: 'data', description: 'Data in the record.', type: { dataType: 'sc:Integer', repeated: false } },
        { name: 'names', description: 'Names.', type: { dataType: 'sc:Text', repeated: true } },
        { name: 'email', description: 'Whose.', type: { dataType: 'sc:Text', repeated: false }, references: { recordSet: 'users', field: 'email' } },
        { name: 'split', description: 'The split.', type: { dataType: 'sc:Text', repeated: false }, references: SPLITS },
      ],
    },
    {
      name: 'users',
      description: 'List of users.',
      source: { file: 'users.csv' },
      key: [],
      fields: [{ name: 'email', description: 'Email.', type: { dataType: 'sc:Text', repeated: false } }],
    },
  ],
  splits: [{ name: 'train', use: 'training' }, { name: 'tuning', use: 'validation' }, { name: 'test', use: 'test' }],
}; // prettier-ignore

const made = croissant(DATASET) as unknown as Croissant;

describe('a data set of Croissant', () => {
  test('has resources as the examples of the specification have them', () => {
    assert.deepEqual(made.distribution.slice(1), [
      { '@type': 'cr:FileObject', '@id': 'users.csv', name: 'users.csv', contentUrl: 'users.csv', contentSize: '0 B', encodingFormat: 'text/csv', sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
      { '@type': 'cr:FileSet', '@id': 'dataframes', name: 'dataframes', encodingFormat: 'application/x-parquet', includes: 'data/*.parquet' },
    ]); // prettier-ignore
  });

  test('has splits as the specification declares those of COCO', () => {
    assert.deepEqual(made.recordSet[0], {
      '@type': 'cr:RecordSet',
      '@id': 'cr_splits',
      name: 'cr_splits',
      description: 'The splits.',
      dataType: 'cr:Split',
      key: [{ '@id': 'cr_splits/name' }],
      field: [
        { '@type': 'cr:Field', '@id': 'cr_splits/name', name: 'cr_splits/name', description: 'Name of the split.', dataType: 'sc:Text' },
        { '@type': 'cr:Field', '@id': 'cr_splits/url', name: 'cr_splits/url', description: 'What the split is for.', dataType: 'sc:URL' },
      ],
      data: [
        { 'cr_splits/name': 'train', 'cr_splits/url': 'cr:TrainingSplit' },
        { 'cr_splits/name': 'tuning', 'cr_splits/url': 'cr:ValidationSplit' },
        { 'cr_splits/name': 'test', 'cr_splits/url': 'cr:TestSplit' },
      ],
    }); // prettier-ignore
  });

  test('has fields with their source, key and what they reference', () => {
    const [, data, users] = made.recordSet;
    assert.deepEqual(data!.key, [{ '@id': 'data/data' }]);
    assert.deepEqual(data!.field[0], { '@type': 'cr:Field', '@id': 'data/data', name: 'data/data', description: 'Data in the record.', dataType: 'sc:Integer', source: { fileSet: { '@id': 'dataframes' }, extract: { column: 'data' } } }); // prettier-ignore
    assert.equal(data!.field[1]!.repeated, true);
    assert.deepEqual(data!.field[2]!.references, { field: { '@id': 'users/email' } });
    assert.deepEqual(data!.field[3]!.references, { field: { '@id': 'cr_splits/name' } });
    assert.deepEqual(users!.field[0]!.source, { fileObject: { '@id': 'users.csv' }, extract: { column: 'email' } }); // prettier-ignore
    assert.ok(!('key' in users!));
  });

  test('without splits has no record set of them', () => {
    const { splits: _, ...plain } = DATASET;
    const sets = (croissant({ ...plain, recordSets: [] }) as unknown as Croissant).recordSet;
    assert.deepEqual(sets, []);
  });
});

/** A copy with another value at a place; undefined takes away what is there. */
function edited(path: readonly (string | number)[], value: unknown): Croissant {
  const copy = structuredClone(made);
  let place = copy as unknown as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) place = place[step] as typeof place;
  place[path.at(-1)!] = value;
  return JSON.parse(JSON.stringify(copy)) as Croissant;
}

describe('the checks of a description', () => {
  test('find nothing in a sound one', () => {
    assert.deepEqual(croissantFaults(folder, made), []);
  });

  const users = { fileObject: { '@id': 'users.csv' }, extract: { column: 'x' } };
  for (const [what, path, value, fault] of [
    ['a file that is not there', ['distribution', 1, 'contentUrl'], 'none.csv', 'users.csv is not there'],
    ['another checksum', ['distribution', 0, 'sha256'], '0', 'data/train.parquet has another sha256'],
    ['a pattern of nothing', ['distribution', 2, 'includes'], 'none/*', 'dataframes includes nothing'],
    [
      'a source that is not there',
      ['recordSet', 1, 'field', 0, 'source', 'fileSet', '@id'],
      'x',
      'data/data has no source',
    ],
    ['a key that is no field', ['recordSet', 1, 'key', 0, '@id'], 'data/x', 'no key data/x'],
    [
      'a reference to nothing',
      ['recordSet', 1, 'field', 2, 'references', 'field', '@id'],
      'users/x',
      'data/email references users/x, which is not there',
    ],
    [
      'two sources',
      ['recordSet', 1, 'field', 0, 'source'],
      users,
      'data has several sources and declares no join',
    ],
    ['a word that the context does not know', ['recordSet', 1, 'kee'], 1, 'no term kee'],
    ['a license missing', ['license'], undefined, 'license is missing'],
    ['data of other fields', ['recordSet', 0, 'data', 0, 'x'], 1, 'cr_splits has other data'],
  ] as const)
    // prettier-ignore
    test(`find ${what}`, () => {
      const faults = croissantFaults(folder, edited(path, value));
      assert.ok(faults.includes(fault), faults.join('; '));
    });
});

describe('tables as record sets', () => {
  const key = (name: string) => required(name, 'string', { description: `The ${name}.`, source: 'x' });
  const [woman, visit, shot] = ['client_id', 'study_instance_uid', 'sop_instance_uid'] as const;
  const women = table('women', { description: 'Women.', key: [woman], columns: [key(woman)] });
  const visits = table('visits', {
    description: 'Visits.',
    key: [woman, visit],
    parents: [{ table: 'women', columns: [woman] }],
    columns: [key(woman), key(visit)],
  });
  const shots = table('shots', {
    description: 'Shots.',
    key: [woman, visit, shot, 'n'],
    parents: [{ table: 'visits', columns: [woman, visit] }],
    columns: [
      key(woman),
      key(visit),
      key(shot),
      key('n'),
      column('dose', 'double', { description: 'The dose.', source: 'x', unit: 'mGy' }),
      column('days', 'list<date>', { description: 'Days.', source: 'x' }),
    ],
  });
  const parts = table('parts', {
    description: 'Parts.',
    key: [woman, 'n'],
    parents: [{ table: 'shots', columns: [woman, visit, shot, 'n'] }],
    columns: [key(woman), key(visit), key(shot), key('n')],
  });
  const sets = recordSetsOf([women, visits, shots, parts], (name) => ({ fileSet: name }));
  const references = (i: number) =>
    sets[i]!.fields.map(({ references: to }) => (to === undefined ? null : `${to.recordSet}.${to.field}`));

  test('each id refers to the table that tells its values apart, however far above', () => {
    assert.deepEqual(references(0), [null]);
    assert.deepEqual(references(1), [`women.${woman}`, null]);
    assert.deepEqual(references(2), [`women.${woman}`, `visits.${visit}`, null, null, null, null]);
  });

  test('a number that many rows have refers to nothing', () => {
    assert.deepEqual(references(3), [`women.${woman}`, `visits.${visit}`, null, null]);
  });

  test('fields have the type of their column, and its unit in words', () => {
    assert.equal(sets[2]!.fields[4]!.description, 'The dose. Unit: mGy.');
    assert.deepEqual(sets[2]!.fields[5]!.type, { dataType: 'sc:Date', repeated: true });
    const types = ['string', 'json', 'bool', 'int', 'long', 'double', 'date', 'list<int>'] as const;
    const names = types.map((type) => typeOfColumn(type).dataType);
    assert.deepEqual(names, ['sc:Text', 'sc:Text', 'sc:Boolean', 'sc:Integer', 'sc:Integer', 'sc:Float', 'sc:Date', 'sc:Integer']); // prettier-ignore
  });
});
