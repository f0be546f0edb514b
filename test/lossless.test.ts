import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeClient, type ClientPlan } from '../scripts/sample/client.js';
import { writeClient } from '../scripts/sample/write.js';
import type { AnyRow } from '../schemas/column.js';
import { readSchemaJson, schemaFile } from '../schemas/files.js';
import { scratchFolder } from './helpers/dcmtk.js';
import { turnsOf } from './helpers/extent.js';
import { flattenDatabase, shippedTags, type FlatDatabase } from './helpers/flat-database.js';

/**
 * Nothing is lost: clients of the sample are enriched at random places with random keys and values, written, read and
 * flattened. Then every leaf of every JSON file must be in a row of its own image, study, episode or client: in a
 * column, or in `extra`. The walk over the files knows nothing of how they are flattened.
 */

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type JsonObject = Record<string, Json>;

interface Leaf {
  readonly keys: readonly string[];
  readonly value: string | number | boolean;
}

// --- what is put in -----------------------------------------------------------------------------------------------

/** Values that occur nowhere else, so that each can only be found where it was kept itself. */
const MAKERS: readonly ((n: number) => Json)[] = [
  (n) => `v${n}x`,
  (n) => `  v${n}x `,
  (n) => `v${n}x w${n}x`,
  (n) => `v${n}x, w${n}x`,
  (n) => `v${n}x\\w${n}x`,
  (n) => `\u00e9\u65e5\u{1F600}${n}\u0000"`,
  (n) => `v${n}x`.repeat(300),
  (n) => 1_000_000 + n,
  (n) => -(n + 0.125),
  (n) => String(2_000_000 + n),
  (n) => `0.12345678901234567${n}`,
  (n) => 2 ** 60 + n * 4096,
  (n) => isoDay(n % 9000),
  (n) => isoDay(n % 9000).replaceAll('-', ''),
  (n) => ({ vr: 'LO', Value: [`v${n}x`] }),
  (n) => ({ vr: 'DS', Value: [String(n + 0.5), n + 0.25] }),
  (n) => ({ vr: 'PN', Value: [{ Alphabetic: `v${n}x`, Other: `w${n}x` }] }),
];

/** Keys that mean something somewhere, in the right or in a wrong place. */
const KEYS: readonly string[] = [
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  '7',
  '01',
  '1.2.3',
  '00080070',
  '00280010',
  '0018106A',
  '00091010',
  'vr',
  'Value',
  'ClientID',
  'Site',
  'LESIONS',
  'STUDIES',
  'StudyDate',
  'EpisodeID',
  'Classification',
  'MarkID',
  'X1',
  'Width',
  'Mass',
  'Skin',
  'Conspicuity',
  'LesionID',
  'LinkedNBSSLesionNumber',
  'SCREENING',
  'OTHERSCREENING',
  'SURGERY',
  'LESION',
  'L',
  'R',
  'left_opinion',
  'Opinion',
  'DatePerformed',
  'DateTaken',
  'SizeMm',
  'EpisodeType',
  'StudyList',
  'InvasiveComponents',
  'FilmReaders',
];

const isoDay = (n: number) => new Date(Date.UTC(1980, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);

let counter = 0;
type Thunk = () => Json;
const key = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...KEYS) },
  fc.string({ unit: 'grapheme', maxLength: 5 }),
);
const scalar: fc.Arbitrary<Thunk> = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...MAKERS).map((make) => () => make(++counter)) },
  fc.constantFrom<Json>(null, '', true, false, 0, 1e300).map((value) => () => value),
);
const value: fc.Arbitrary<Thunk> = fc.letrec<{ value: Thunk }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: scalar },
    fc.array(tie('value'), { maxLength: 3 }).map((thunks) => () => thunks.map((thunk) => thunk())),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((entries) => () => {
      const object: JsonObject = {};
      for (const [name, thunk] of entries) put(object, name, thunk());
      return object;
    }),
  ),
})).value;

/** A value to put into some object of some file of a client, under a key of its own or (`known`) one that is there. */
const enrichment = fc.record({
  file: fc.constantFrom('imagedb', 'nbss', 'image'),
  level: fc.nat(),
  place: fc.nat(),
  known: fc.option(fc.nat()),
  key,
  value,
});

function put(object: JsonObject, name: string, content: Json): void {
  // Plain assignment of `__proto__` would set no key.
  Object.defineProperty(object, name, {
    value: content,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** The objects of a JSON value by how deep they lie. */
function objectsByLevel(json: Json, levels: JsonObject[][] = [], level = 0): JsonObject[][] {
  if (typeof json !== 'object' || json === null) return levels;
  if (!Array.isArray(json)) (levels[level] ??= []).push(json);
  const below = Array.isArray(json) ? level : level + 1;
  for (const child of Object.values(json)) objectsByLevel(child, levels, below);
  return levels;
}

function enrich(
  client: ClientPlan,
  { file, level, place, known, key: name, value: thunk }: Enrichment,
): void {
  const images = client.studies.flatMap((study) => study.images);
  const image = images[place % Math.max(1, images.length)];
  const chosen = file === 'image' ? image?.json : client[file];
  const levels = objectsByLevel((chosen ?? client.nbss).content);
  const objects = levels[level % levels.length]!;
  const object = objects[place % objects.length]!;
  const names = Object.keys(object);
  put(object, known === null || names.length === 0 ? name : names[known % names.length]!, thunk());
}

type Enrichment = typeof enrichment extends fc.Arbitrary<infer T> ? T : never;

// --- what must be found -------------------------------------------------------------------------------------------

function* leavesOf(json: unknown, keys: readonly string[] = []): Generator<Leaf> {
  if (json === null || json === undefined) return;
  if (typeof json === 'object') {
    for (const [name, child] of Object.entries(json)) yield* leavesOf(child, [...keys, name]);
  } else if (typeof json !== 'string' || json.trim() !== '') {
    yield { keys, value: json as Leaf['value'] };
  }
}

const fold = (text: string) =>
  text
    .replace(/[\s_-]/g, '')
    .replaceAll('\u2019', "'")
    .toLowerCase();

/** Every code of every list, by its folded text, label or code. */
const CODES = codesByText();

function codesByText(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const add = (text: string, code: string) =>
    found.set(fold(text), (found.get(fold(text)) ?? new Set()).add(code));
  const { lists } = readSchemaJson('nbss/code-lists.json') as {
    lists: Record<string, { codes: Record<string, { text: string }> }>;
  };
  for (const { codes } of Object.values(lists)) {
    for (const [code, { text }] of Object.entries(codes)) add(text, code);
    for (const code of Object.keys(codes)) add(code, code);
  }
  const { labels, status } = readSchemaJson('nbss/labels.json') as Record<
    string,
    Record<string, Record<string, string>>
  >;
  for (const list of [...Object.values(labels!), ...Object.values(status!)])
    for (const [code, text] of Object.entries(list)) add(text, code);
  return found;
}

/** VR of each selected tag: a column of its own says as much as `vr` in the file. */
const VRS = new Map(
  readFileSync(schemaFile('dicom/tags.csv'), 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').slice(1, 4))
    .filter(([, , within]) => within === '')
    .map(([tag, vr]) => [tag!, vr!]),
);

/** The forms in which a scalar may stand in a file or in a column; equal scalars share one. */
function formsOf(scalarValue: string | number | boolean): string[] {
  const text = String(scalarValue).trim();
  const forms = [`text ${text}`];
  const number = Number(text);
  if (typeof scalarValue !== 'boolean' && Number.isFinite(number)) forms.push(`number ${number}`);
  return forms;
}

/** The forms in which a leaf of a file may stand in a column, each a list of parts that must all be there. */
function columnForms({ keys, value: raw }: Leaf): string[][] {
  const text = String(raw).trim();
  const forms = formsOf(raw).map((form) => [form]);
  const day = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(text);
  if (day !== null) forms.push([`day ${Date.UTC(+day[1]!, +day[2]! - 1, +day[3]!) / 86_400_000}`]);
  if (/^(y|yes|true)$/i.test(text)) forms.push(['yes_no true']);
  if (/^(n|no|false)$/i.test(text)) forms.push(['yes_no false']);
  const isFinding = fold(text) === fold(keys.at(-1)!) || text === '1';
  if (isFinding) forms.push(['yes_no true']);
  for (const code of CODES.get(fold(text)) ?? []) forms.push([`text ${code}`]);
  for (const separator of [/\s+/, ',']) {
    const parts = text.split(separator).map((part) => part.trim());
    if (parts.length > 1) forms.push(parts.filter((part) => part !== '').map((part) => `text ${part}`));
  }
  return forms;
}

/** Everything that some rows hold, in every form. */
class Kept {
  readonly #forms = new Set<string>();

  constructor(rows: readonly AnyRow[]) {
    for (const row of rows) for (const [name, cell] of Object.entries(row)) this.#add(name, cell);
  }

  has(leaf: Leaf): boolean {
    return columnForms(leaf).some((forms) => forms.every((form) => this.#forms.has(form)));
  }

  #add(name: string, cell: unknown): void {
    if (cell === null || cell === undefined) return;
    if (name === 'extra' || name === 'imagedb_lesions') {
      for (const leaf of leavesOf(JSON.parse(cell as string))) this.#addScalar(leaf.value);
    } else if (Array.isArray(cell))
      cell.forEach((item) => {
        this.#add(name, item);
      });
    else this.#addScalar(cell as Leaf['value']);
  }

  #addScalar(scalarValue: Leaf['value']): void {
    for (const form of formsOf(scalarValue)) this.#forms.add(form);
    if (typeof scalarValue === 'boolean') this.#forms.add(`yes_no ${scalarValue}`);
    if (typeof scalarValue === 'number') this.#forms.add(`day ${scalarValue}`);
  }
}

function rowsWhere({ rows }: FlatDatabase, column: string, id: string): AnyRow[] {
  return [...rows.values()].flatMap((table) => table.filter((row) => row[column] === id));
}

/** The leaves of a client's file that are in none of the rows where they belong. */
function lostFrom(path: string, json: JsonObject, flat: FlatDatabase): Leaf[] {
  const clientRows = flat.rows.get('clients')!;
  const image = /^([\d.]+?)(\.dcm)?\.json$/.exec(basename(path))?.[1];
  if (image !== undefined) return lostImage(json, new Kept(rowsWhere(flat, 'sop_instance_uid', image)));
  const isImagedb = basename(path).toLowerCase().startsWith('imagedb');
  const parts = isImagedb
    ? Object.entries(json).flatMap(([name, content]) => partsOf(name, content))
    : Object.entries(json).map(([name, content]) => ({ id: name, keys: [name], content }));
  const column = isImagedb ? 'study_instance_uid' : 'episode_id';
  return parts.flatMap(({ id, keys, content }) => {
    const kept = new Kept([...clientRows, ...rowsWhere(flat, column, id)]);
    return [...leavesOf(content, keys)].filter((leaf) => !kept.has(leaf));
  });
}

/** The studies of STUDIES, each a part of its own. */
function partsOf(name: string, content: Json): { id: string; keys: string[]; content: Json }[] {
  if (name !== 'STUDIES' || typeof content !== 'object' || content === null || Array.isArray(content))
    return [{ id: '', keys: [name], content }];
  return Object.entries(content).map(([id, study]) => ({ id, keys: [name, id], content: study }));
}

function lostImage(json: JsonObject, kept: Kept): Leaf[] {
  return [...leavesOf(json)].filter((leaf) => {
    const [tag, last] = [leaf.keys[0]!, leaf.keys[1]];
    const isVr = leaf.keys.length === 2 && last === 'vr';
    if (isVr && VRS.get(tag.toUpperCase())?.split('/').includes(String(leaf.value)) === true) return false;
    return !kept.has(leaf);
  });
}

// --- the property -------------------------------------------------------------------------------------------------

const scratch = scratchFolder();
const selection = shippedTags();

/** Writes a client, flattens what was written, and gives the leaves that were lost. */
function lostOf(client: ClientPlan, withImages: boolean): { path: string; leaf: Leaf }[] {
  const out = mkdtempSync(join(scratch, 'db-'));
  try {
    writeClient(client, out, 'sparse', { files: 0, images: 0, bytes: 0 });
    const images = withImages ? join(out, 'images') : null;
    const flat = flattenDatabase({ data: join(out, 'data'), images, nbss: null }, selection);
    const data = join(out, 'data', client.id);
    const names = readdirSync(data, { recursive: true, encoding: 'utf8' });
    return names
      .filter((name) => name.endsWith('.json'))
      .flatMap((path) => {
        const json = JSON.parse(readFileSync(join(data, path), 'utf8')) as JsonObject;
        return lostFrom(path, json, flat).map((leaf) => ({ path, leaf }));
      });
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

test('every value of a randomly enriched client is in a column or in extra of its own rows', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 40 }),
      fc.array(enrichment, { minLength: 1, maxLength: 40, size: 'max' }),
      fc.boolean(),
      (index, enrichments, withImages) => {
        counter = 0;
        const client = makeClient(11, index);
        for (const one of enrichments) enrich(client, one);
        assert.deepEqual(lostOf(client, withImages), []);
      },
    ),
    { numRuns: turnsOf(60, 20), seed: 20260101 },
  );
});

test('the walk misses a value that is in no row', () => {
  const kept = new Kept([{ client_id: 'optm1', extra: '{"a":"v1x"}' }]);
  const leaf = (content: Leaf['value']): Leaf => ({ keys: ['a'], value: content });
  assert.ok(kept.has(leaf('v1x')));
  assert.ok(!kept.has(leaf('v2x')));
  assert.ok(!kept.has(leaf('v1x v2x')));
  assert.ok(!kept.has(leaf(1)));
});
