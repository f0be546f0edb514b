import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readSchemaJson } from '../../schemas/files.js';
import { clientTables } from '../../schemas/tables/index.js';
import { turnsOf } from '../helpers/extent.js';
import { flatten, type NbssRows } from './helpers.js';

// Every value put into a file is unlike every other, so that it can only be found where it was kept itself.

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const printed = readSchemaJson('nbss/fields.json') as Record<string, { name: string }[]>;
const NAMES = [...new Set(Object.values(printed).flatMap((fields) => fields.map(({ name }) => name)))];
const ODD = [
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  'L',
  'R',
  '1',
  '01',
  'SCREENING',
  'left_opinion',
  'é',
];
const JSON_ONLY = ['EpisodeType', 'StudyList', 'PatientAge', 'dateperformed', 'InsituPresent', 'LymphNode'];

const respelled = fc
  .tuple(fc.constantFrom(...NAMES, ...JSON_ONLY), fc.constantFrom('as is', 'lower', 'upper', 'snake'))
  .map(([name, how]) => {
    if (how === 'lower') return name.toLowerCase();
    if (how === 'upper') return name.toUpperCase();
    return how === 'snake' ? name.replace(/(?<=[a-z])(?=[A-Z])/g, '_') : name;
  });
const key = fc.oneof(
  { weight: 6, arbitrary: respelled },
  fc.constantFrom(...ODD),
  fc.string({ maxLength: 4 }),
);

let counter = 0;
const next = () => ++counter;
const daysLater = (n: number) => new Date(Date.UTC(1980, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);

/** How a leaf is made from a number of its own. */
const MAKERS: ((n: number) => Json)[] = [
  (n) => `t${n}x`,
  (n) => `t${n}x u${n}x`,
  (n) => `t${n}x, u${n}x`,
  (n) => `${n}.5 mm`,
  (n) => 1_000_000 + n,
  (n) => String(2_000_000 + n),
  (n) => `${n}.25`,
  (n) => `0.123456789012345678${n}`,
  (n) => daysLater(n % 9000),
  (n) => daysLater(n % 9000).replaceAll('-', ''),
  (n) => `${daysLater(n % 9000)}T00:00`,
];
const leaf = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...MAKERS).map((make) => () => make(next())) },
  fc.constantFrom<Json>(null, '', ' ').map((nothing) => () => nothing),
);

type Thunk = () => Json;

function objectOf(keys: fc.Arbitrary<string>, content: fc.Arbitrary<Thunk>): fc.Arbitrary<Thunk> {
  return fc.array(fc.tuple(keys, content), { maxLength: 6 }).map((entries) => () => {
    const object: { [key: string]: Json } = {};
    for (const [name, thunk] of entries) {
      Object.defineProperty(object, name, {
        value: thunk(),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return object;
  });
}

const arrayOf = (content: fc.Arbitrary<Thunk>): fc.Arbitrary<Thunk> =>
  fc.array(content, { maxLength: 3 }).map((thunks) => () => thunks.map((thunk) => thunk()));

const value = fc.oneof(
  { weight: 8, arbitrary: leaf },
  arrayOf(leaf),
  objectOf(key, leaf),
  arrayOf(objectOf(key, leaf)),
);
const fields = objectOf(key, value);
const lesionKeys = fc.constantFrom('0', '1', '2', '12', '01', 'x', '99999999999');
const sides = fc.constantFrom('L', 'R', 'l', 'left_opinion', 'Opinion', 'dateperformed', 'Odd');
const screen = objectOf(sides, fc.oneof({ weight: 3, arbitrary: fields }, value));
const ofLesions = objectOf(
  sides,
  fc.oneof({ weight: 3, arbitrary: objectOf(lesionKeys, fc.oneof(fields, leaf)) }, value),
);
const block = fc.oneof(
  fc.tuple(fc.constantFrom('SCREENING', 'screening'), screen),
  fc.tuple(
    fc.constant('OTHERSCREENING'),
    objectOf(lesionKeys, fc.oneof({ weight: 3, arbitrary: screen }, value)),
  ),
  fc.tuple(
    fc.constantFrom(
      'ASSESSMENT',
      'CLINICAL',
      'BIOPSYWIDE',
      'BIOPSYFINE',
      'SURGERY',
      'surgery',
      'INTERVALCANCER',
      'LESION',
    ),
    ofLesions,
  ),
  fc.tuple(fc.constantFrom('SCREENING', 'SURGERY', 'LESION', 'OTHERSCREENING'), value),
);
const episode = fc.tuple(fc.array(block, { maxLength: 4 }), fields).map(([blocks, own]) => () => {
  const object = own() as { [key: string]: Json };
  for (const [name, thunk] of blocks) object[name] = thunk();
  return object;
});
const file = objectOf(
  fc.oneof(
    fc.constantFrom('36388', '7', 'E', 'ClientID', 'Classification', 'classification', '__proto__'),
    key,
  ),
  fc.oneof({ weight: 4, arbitrary: episode }, value),
);

/** Every leaf of a JSON value that is not 'no value'. */
function* leaves(json: unknown): Generator<string | number | boolean> {
  if (json === null || json === undefined) return;
  if (typeof json === 'object') for (const child of Object.values(json)) yield* leaves(child);
  else if (typeof json !== 'string' || json.trim() !== '') yield json as string | number | boolean;
}

/** All that the rows hold, as texts: cells (a date cell as its day), and the leaves of every `extra`. */
function kept(rows: NbssRows): Set<string> {
  const found = new Set<string>();
  const add = (cell: unknown): void => {
    if (Array.isArray(cell)) cell.forEach(add);
    else found.add(String(cell));
  };
  for (const [table, content] of Object.entries(rows)) {
    if (table === 'clientExtra') for (const one of leaves(content)) found.add(String(one));
    else if (!Array.isArray(content)) found.add(String(content));
    else {
      for (const row of content as Record<string, unknown>[]) {
        for (const [name, cell] of Object.entries(row)) if (name !== 'extra') add(cell);
        if (typeof row['extra'] !== 'string') continue;
        for (const one of leaves(JSON.parse(row['extra']))) found.add(String(one));
      }
    }
  }
  return found;
}

/** The forms in which a raw leaf may rightly stand in a typed cell. */
function formsOf(raw: string | number | boolean): string[][] {
  const text = String(raw);
  const forms = [[text], [text.trim()], text.trim().split(/\s+/), text.split(',').map((part) => part.trim())];
  const days = Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')) / 86_400_000;
  if (/^\d{4}-?\d\d-?\d\d$/.test(text) && Number.isInteger(days)) forms.push([String(days)]);
  if (/^\d+(\.\d+)?$/.test(text)) forms.push([String(Number(text))]);
  return forms;
}

test('every value of a randomly enriched file is in a column or in extra', () => {
  fc.assert(
    fc.property(file, (thunk) => {
      counter = 0;
      const content = thunk();
      const { rows } = flatten(JSON.stringify(content));
      const found = kept(rows);
      for (const one of leaves(content)) {
        const isKept = formsOf(one).some((form) => form.every((part) => found.has(part)));
        assert.ok(isKept, `${JSON.stringify(one)} is lost`);
      }
    }),
    { numRuns: turnsOf(1500, 300) },
  );
});

test('rows are sorted and unique by key, and hold every column of their table', () => {
  fc.assert(
    fc.property(file, (thunk) => {
      counter = 0;
      const { rows } = flatten(JSON.stringify(thunk()));
      const lesionOf = (row: Record<string, unknown>) =>
        [row['episode_id'], row['side'], String(row['lesion_number']).padStart(10, '0')].join('|');
      const known = new Set(rows.lesions.map(lesionOf));
      const procedures = [rows.assessments, rows.clinical_exams, rows.wide_biopsies, rows.fine_biopsies];
      for (const table of [...procedures, rows.surgeries, rows.interval_cancers, rows.lesions]) {
        const keys = table.map(lesionOf);
        assert.equal(new Set(keys).size, keys.length);
        for (const name of keys) assert.ok(known.has(name), `no lesion ${name}`);
        const withinEpisode = keys.filter((name) => name.startsWith(`${String(table[0]?.['episode_id'])}|`));
        assert.deepEqual(withinEpisode, withinEpisode.toSorted());
      }
      for (const { name, columns } of clientTables([])) {
        const names = columns.map((column) => column.name);
        if (!(name in rows)) continue;
        for (const row of rows[name as 'lesions']) {
          for (const column of names) assert.notEqual(row[column], undefined, `${name} lacks ${column}`);
          for (const cell of Object.keys(row)) assert.ok(names.includes(cell), `${name} has no ${cell}`);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('the same file gives the same rows and reports, whatever is flattened before', () => {
  const content = '{"E":{"Odd":1,"SURGERY":{"L":{"1":{"Odd":2,"InvasiveComponents":"QQ"}}}}}';
  const first = JSON.stringify(flatten(content));
  flatten('{"E":{"EpisodeType":"R"}}');
  assert.equal(JSON.stringify(flatten(content)), first);
});
