import assert from 'node:assert/strict';
import {
  closeSync,
  copyFileSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { makeSample } from '../../scripts/sample/database.js';
import { runCli, temporaryFolder } from '../helpers/cli.js';
import { dcm2json, noDcmtk, type DicomJson } from '../helpers/dcmtk.js';
import { expectedCell } from '../helpers/dicom-samples.js';
import { DUCKDB_TYPES, openDuckDb, type Ask, type Row } from '../helpers/duckdb.js';
import { hashesBelow, readJson, readJsonLines, readManifest, readSchema, sha256 } from '../helpers/output.js';
import { sharedRun } from '../helpers/shared-run.js';

/** The keys of the design's tables. */
const KEYS: Record<string, string> = {
  clients: 'client_id',
  episodes: 'client_id, episode_id',
  events: 'client_id, episode_id, event, event_number',
  screening_sides: 'client_id, episode_id, event_number, side',
  assessments: 'client_id, episode_id, side, lesion_number',
  clinical_exams: 'client_id, episode_id, side, lesion_number',
  wide_biopsies: 'client_id, episode_id, side, lesion_number',
  fine_biopsies: 'client_id, episode_id, side, lesion_number',
  surgeries: 'client_id, episode_id, side, lesion_number',
  interval_cancers: 'client_id, episode_id, side, lesion_number',
  lesions: 'client_id, episode_id, side, lesion_number',
  breasts: 'client_id, side',
  studies: 'client_id, study_instance_uid',
  series: 'client_id, study_instance_uid, series_instance_uid',
  images: 'client_id, study_instance_uid, sop_instance_uid',
  image_summary: 'client_id, study_instance_uid, sop_instance_uid',
  marks: 'client_id, study_instance_uid, sop_instance_uid, mark_id',
  mark_lesions: 'client_id, study_instance_uid, sop_instance_uid, mark_id, lesion_number',
  boxes: 'client_id, study_instance_uid, sop_instance_uid, mark_id',
  paired_boxes: 'client_id, study_instance_uid, sop_instance_uid, mark_id',
  exams: 'client_id, study_instance_uid',
  splits: 'client_id',
  codes: 'list, code',
};

describe('the published output', () => {
  const { current, database, out } = sharedRun('faulty');
  const schema = readSchema(current);
  const manifest = readManifest(current);
  const rowsOf = (table: string) => `read_parquet('${join(current, 'tables', table, '*.parquet')}')`;
  let ask: Ask;
  before(async () => {
    ask = await openDuckDb();
  });

  test('has the tables and keys of the design, keys first', () => {
    const tables = schema.map(({ name }) => name);
    assert.deepEqual([...tables].sort(), [...Object.keys(KEYS), 'mismatches'].sort());
    assert.deepEqual(readdirSync(join(current, 'tables')).sort(), [...tables].sort());
    for (const { name, columns } of schema) {
      const key = KEYS[name]?.split(', ') ?? [];
      assert.deepEqual(
        columns.slice(0, key.length).map((column) => column.name),
        key,
        name,
      );
    }
  });

  test('has each key once, and never a null in it', async () => {
    for (const [name, key] of Object.entries(KEYS)) {
      const [counts] = await ask(
        `SELECT count(*) AS n, count(DISTINCT (${key})) AS keys FROM ${rowsOf(name)}`,
      );
      assert.equal(counts!['n'], counts!['keys'], name);
      const isNull = key.split(', ').map((column) => `${column} IS NULL`);
      assert.deepEqual(
        await ask(`SELECT ${key} FROM ${rowsOf(name)} WHERE ${isNull.join(' OR ')}`),
        [],
        name,
      );
    }
  });

  test('every part file opens, with the rows, columns and types that manifest and schema say', async () => {
    for (const { name, columns } of schema) {
      for (const { path, rows } of manifest.tables[name]!.files) {
        const part = `read_parquet('${join(current, path)}')`;
        const described = await ask(`DESCRIBE SELECT * FROM ${part}`);
        assert.deepEqual(
          described.map((row) => [row['column_name'], row['column_type']]),
          columns.map((column) => [column.name, DUCKDB_TYPES[column.type]]),
          path,
        );
        // Every value is read, not only the footer.
        const [read] = await ask(`SELECT count(*) AS n, count(COLUMNS(*)) FROM ${part}`);
        assert.equal(Number(read!['n']), rows, path);
      }
    }
  });

  test('manifest.json tells the truth of every file, and names them all', () => {
    const listed = Object.values(manifest.tables).flatMap(({ files }) => files);
    for (const { path, bytes, sha256: hash } of [...listed, manifest.mismatches.file]) {
      assert.equal(statSync(join(current, path)).size, bytes, path);
      assert.equal(sha256(current, path), hash, path);
    }
    const onDisk = Object.keys(hashesBelow(current));
    const ranges = manifest.tables['clients']!.files.map(({ path }) => /([^/]+)\.parquet$/.exec(path)![1]!);
    const receipts = ranges.flatMap((range) => [`ranges/${range}.json`, `ranges/${range}.mismatches.jsonl`]);
    const own = [
      'catalogue.sql',
      'checksums.sha256',
      'croissant.json',
      'first-seen.jsonl',
      'manifest.json',
      'mismatches.jsonl',
      'schema.json',
    ];
    assert.deepEqual(onDisk, [...listed.map(({ path }) => path), ...receipts, ...own].sort());
    for (const { rows, files } of Object.values(manifest.tables))
      assert.equal(
        rows,
        files.reduce((sum, file) => sum + file.rows, 0),
      );
    assert.equal(manifest.inputs.clients, 60);
  });

  test('the table mismatches equals mismatches.jsonl, and the manifest counts it', async () => {
    const lines = readJsonLines(current, 'mismatches.jsonl');
    assert.ok(lines.length > 60);
    assert.deepEqual(await ask(`SELECT * FROM ${rowsOf('mismatches')}`), lines);
    const byKind: Record<string, number> = {};
    for (const { kind } of lines) byKind[String(kind)] = (byKind[String(kind)] ?? 0) + 1;
    assert.deepEqual({ ...manifest.mismatches.by_kind }, byKind);
    assert.equal(manifest.mismatches.total, lines.length);
  });

  test('every table and column is described, in schema.json and in the footer of its files', async () => {
    for (const { name, description, columns } of schema) {
      assert.ok(description.length > 20, name);
      const files = `'${join(current, manifest.tables[name]!.files[0]!.path)}'`;
      const [footer] = await ask(
        `SELECT decode(value) AS text FROM parquet_kv_metadata(${files}) WHERE decode(key) = 'omidb-etl'`,
      );
      const told = JSON.parse(String(footer!['text'])) as {
        description: string;
        columns: Record<string, { description: string }>;
      };
      assert.equal(told.description, description);
      for (const column of columns) {
        assert.ok(column.description.length > 10 && column.source.length > 0, `${name}.${column.name}`);
        assert.equal(told.columns[column.name]?.description, column.description, `${name}.${column.name}`);
      }
    }
  });

  test('rows are in natural order of client within and over the part files', async () => {
    const number = `regexp_extract(client_id, '[0-9]+')::BIGINT`;
    for (const name of ['clients', 'images', 'episodes']) {
      const found = await ask(`SELECT client_id FROM ${rowsOf(name)}`);
      const sorted = await ask(
        `SELECT client_id FROM ${rowsOf(name)} ORDER BY substr(client_id, 1, 4), ${number}, length(client_id)`,
      );
      assert.deepEqual(found, sorted, name);
    }
  });

  test('lists hold values, never nulls', async () => {
    const lists = schema.flatMap(({ name, columns }) =>
      columns.filter(({ type }) => type.startsWith('list<')).map((column) => [name, column.name] as const),
    );
    assert.ok(lists.length > 5);
    let filled = 0;
    for (const [table, column] of lists) {
      const [counts] = await ask(
        `SELECT count(*) FILTER ("${column}" IS NOT NULL AND len("${column}") > 0) AS filled,
                count(*) FILTER (list_contains("${column}", NULL)) AS holes FROM ${rowsOf(table)}`,
      );
      filled += Number(counts!['filled']);
      assert.equal(Number(counts!['holes']), 0, `${table}.${column}`);
    }
    assert.ok(filled > 0);
  });

  test('dates are those of the source', async () => {
    const rows = await ask(
      `SELECT client_id, study_instance_uid, study_date::VARCHAR AS date FROM ${rowsOf('studies')}
       WHERE study_date IS NOT NULL ORDER BY ALL LIMIT 40`,
    );
    assert.equal(rows.length, 40);
    for (const row of rows) assert.equal(row['date'], studyDateInSource(database, row));
  });

  test('current is a relative link to the snapshot of the newest run', () => {
    const link = readlinkSync(join(out, 'current'));
    assert.equal(link, join('snapshots', manifest.run_id));
    const folder = temporaryFolder();
    // Two databases: a run on what is published already need not publish again.
    const ids = [1, 2].map((seed) => {
      const from = join(temporaryFolder(), 'database');
      makeSample({ out: from, clients: 2, seed, faults: [], pixels: 'sparse' });
      const run = runCli(['run', from, '--out', folder, '--no-progress']);
      assert.equal(run.code, 0, run.stderr);
      return readManifest(join(folder, 'current')).run_id;
    });
    assert.deepEqual(readdirSync(join(folder, 'snapshots')), ids, 'run ids sort by time');
    assert.equal(readlinkSync(join(folder, 'current')), join('snapshots', ids[1]!));
  });

  test('DICOM values are those that dcm2json reads', { skip: noDcmtk }, async () => {
    const selection = loadTagSelection();
    const scratch = temporaryFolder();
    // One image of each transfer syntax and vendor.
    const rows = await ask(
      `SELECT * FROM ${rowsOf('images')} WHERE tags_from = 'dicom' AND dicom_path IS NOT NULL
       AND sop_instance_uid NOT IN (SELECT sop_instance_uid FROM ${rowsOf('mismatches')} WHERE sop_instance_uid IS NOT NULL)
       QUALIFY row_number() OVER (PARTITION BY manufacturer, transfer_syntax_uid ORDER BY dicom_path) = 1`,
    );
    const compared = new Set<unknown>();
    for (const [i, row] of rows.entries()) {
      const file = join(database, 'images', String(row['dicom_path']));
      const json = readable(withoutPixels(file, join(scratch, `${i}.dcm`)));
      if (json === null) continue;
      compared.add(row['transfer_syntax_uid']);
      for (const tag of selection.tags) {
        if (tag.path[0]!.key.startsWith('0002')) continue;
        const found = row[tag.column.name];
        assert.deepEqual(
          comparable(found),
          comparable(expectedCell(json, tag), tag.column.type),
          tag.column.name,
        );
      }
    }
    assert.ok(compared.size >= 3, `transfer syntaxes compared: ${[...compared].join(' ')}`);
  });
});

/** What dcm2json reads; null where it refuses a header whose private elements hold bytes that its dictionary calls text. */
function readable(file: string): DicomJson | null {
  try {
    return dcm2json(file);
  } catch (error) {
    assert.match(String(error), /extended characters but no SpecificCharacterSet/);
    return null;
  }
}

/** A cell of DuckDB's JSON and one of the oracle's in one form: dates as ISO text, numbers as numbers. */
function comparable(cell: unknown, type = ''): unknown {
  if (Array.isArray(cell)) return cell.map((item) => comparable(item, type));
  if (typeof cell === 'number' && type.includes('date'))
    return new Date(cell * 86_400_000).toISOString().slice(0, 10);
  return cell ?? null;
}

/** Copies what comes before the pixel data, found by its tag: dcm2json would write megabytes of pixels as text. */
function withoutPixels(file: string, copy: string): string {
  const start = Buffer.alloc(1 << 18);
  const descriptor = openSync(file, 'r');
  const length = readSync(descriptor, start, 0, start.length, 0);
  closeSync(descriptor);
  const places = ['e07f1000', '7fe00010'].map((tag) => start.subarray(0, length).indexOf(tag, 'hex'));
  const end = places.find((place) => place !== -1);
  // A deflated file is small, for its pixels are alike: it is taken whole.
  if (end === undefined) copyFileSync(file, copy);
  else writeFileSync(copy, start.subarray(0, end));
  return copy;
}

function studyDateInSource(database: string, row: Row): string {
  const client = String(row['client_id']);
  const folder = join(database, 'data', client);
  const name = readdirSync(folder).find((file) => /^imagedb_/i.test(file))!;
  const imagedb = readJson<{ STUDIES: Record<string, { StudyDate: string }> }>(folder, name);
  const digits = imagedb.STUDIES[String(row['study_instance_uid'])]!.StudyDate.replaceAll('-', '');
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
}
