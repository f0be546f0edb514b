import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { runCli, temporaryFolder, type Finished } from '../helpers/cli.js';
import type { Row } from '../helpers/duckdb.js';
import { itemsOf } from '../helpers/extent.js';
import { readManifest, readSchema } from '../helpers/output.js';
import { BOUNDED } from '../helpers/processes.js';
import { findPython } from '../helpers/python.js';
import { sharedRun } from '../helpers/shared-run.js';

const scratch = temporaryFolder();
/** An output whose name means something to SQL, to patterns and to addresses. */
const out = join(scratch, "it's [1] {a,b} 100%20 \u00e9=x");
const current = join(out, 'current');

before(() => {
  const { out: shared } = sharedRun('sound');
  cpSync(shared, out, { recursive: true, verbatimSymlinks: true });
});

const catalogue = (...args: string[]): Finished => runCli(['catalogue', '--out', out, ...args]);

/** Asks a file of DuckDB, opened for reading only. */
async function ask(file: string, sql: string): Promise<Row[]> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Runs statements on a file. */
async function change(file: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

describe('a catalogue', () => {
  const file = join(scratch, "a 'b' [c]%.duckdb");
  before(() => {
    const { code, stderr, stdout } = catalogue(file);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /: 24 tables of snapshot \d{8}T/);
  });

  test('has every table with its rows, and says which snapshot it reads', async () => {
    const { tables, run_id: runId } = readManifest(current);
    for (const [name, { rows }] of Object.entries(tables))
      assert.deepEqual(await ask(file, `SELECT count(*)::INT AS n FROM "${name}"`), [{ n: rows }], name);
    const [made] = await ask(file, 'FROM catalogue');
    assert.deepEqual([made!['run_id'], made!['snapshot']], [runId, join(out, 'snapshots', runId)]);
  });

  test('has a comment on each table and column: description, key, unit and code list', async () => {
    const comments = await ask(file, "SELECT table_name AS t, column_name AS c, comment FROM duckdb_columns() WHERE NOT internal AND table_name <> 'catalogue'"); // prettier-ignore
    const expected = readSchema(current).flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}`)); // prettier-ignore
    assert.deepEqual(comments.map(({ t, c }) => `${String(t)}.${String(c)}`).sort(), expected.sort());
    assert.ok(comments.every(({ comment }) => String(comment).length >= 10));
    const of = (t: string, c: string) => comments.find((row) => row['t'] === t && row['c'] === c)!['comment'];
    assert.match(String(of('images', 'body_part_thickness')), /Unit: mm\.$/);
    assert.match(String(of('episodes', 'status')), /Codes: list \S+ of table codes\.$/);
    const [exams] = await ask(file, "SELECT comment FROM duckdb_views() WHERE view_name = 'exams'");
    assert.match(String(exams!['comment']), /Key: client_id, study_instance_uid\.$/);
  });

  test('is made again over itself, while somebody reads the earlier one, and leaves nothing beside', async () => {
    const reader = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
    assert.equal(catalogue(file).code, 0);
    const connection = await reader.connect();
    // Who had the earlier one open goes on.
    assert.equal((await connection.runAndReadAll('FROM clients')).currentRowCount > 0, true);
    connection.closeSync();
    reader.closeSync();
    assert.deepEqual(readdirSync(scratch).filter((name) => name.includes('.duckdb')), ["a 'b' [c]%.duckdb"]); // prettier-ignore
  });

  const python = findPython(join(scratch, 'python'));
  test('opens in Python from another folder', { skip: 'missing' in python ? python.missing : false }, () => {
    const script = 'import duckdb, sys; print(duckdb.connect(sys.argv[1], read_only=True).sql("SELECT count(*) FROM image_summary JOIN exams USING (client_id, study_instance_uid)").fetchall()[0][0])'; // prettier-ignore
    const run = spawnSync('python' in python ? python.python : '', ['-c', script, file], { cwd: '/', encoding: 'utf8', ...BOUNDED }); // prettier-ignore
    assert.equal(Number(run.stdout), readManifest(current).tables['image_summary']!.rows, run.stderr);
  });

  test('reads its files and writes none: the snapshot verifies', () => {
    assert.equal(runCli(['verify', '--out', out]).code, 0);
  });
});

describe('what is no catalogue', () => {
  /** What a user may add to a catalogue. */
  const OWN = [
    ['table', 'CREATE TABLE results AS SELECT 1 AS auc'],
    ['view', 'CREATE VIEW mine AS SELECT * FROM exams'],
    ['macro', 'CREATE MACRO half(a) AS a / 2'],
  ] as const;

  test('is not replaced: another file, a link, a folder, a catalogue with something of the user in it', async () => {
    const at = join(scratch, 'others');
    mkdirSync(join(at, 'folder.duckdb'), { recursive: true });
    writeFileSync(join(at, 'text.duckdb'), 'my thesis');
    await change(join(at, 'mine.duckdb'), 'CREATE TABLE results AS SELECT 1 AS auc');
    const own = itemsOf(OWN, 1);
    for (const [name, sql] of own) {
      assert.equal(catalogue(join(at, `${name}.duckdb`)).code, 0);
      await change(join(at, `${name}.duckdb`), sql);
    }
    assert.equal(catalogue(join(at, 'sound.duckdb')).code, 0);
    symlinkSync('sound.duckdb', join(at, 'link.duckdb'));
    for (const name of ['folder', 'text', 'mine', ...own.map(([name]) => name), 'link']) {
      const { code, stderr } = catalogue(join(at, `${name}.duckdb`));
      assert.equal(code, 2, name);
      assert.match(stderr, /is there and is no catalogue of this program, or holds more/, name);
    }
    assert.equal(readFileSync(join(at, 'text.duckdb'), 'utf8'), 'my thesis');
    assert.deepEqual(await ask(join(at, 'mine.duckdb'), 'FROM results'), [{ auc: 1 }]);
    assert.deepEqual(readdirSync(at).filter((name) => name.endsWith('.tmp')), []); // prettier-ignore
  });

  test('a place within a snapshot, one whose folder is not there, and a folder that is none: wrong usage', () => {
    for (const [args, says] of [
      [[join(current, 'x.duckdb')], /lies in a snapshot, which nothing may be added to/],
      [[join(current, 'tables', 'x.duckdb')], /lies in a snapshot/],
      [[join(scratch, 'none', 'x.duckdb')], /cannot be made: .*none is no folder/],
      [
        [join(scratch, 'x.duckdb'), '--relative-to', join(scratch, 'none')],
        /--relative-to is .*give a folder/,
      ],
    ] as const) {
      const { code, stderr } = catalogue(...args);
      assert.equal(code, 2);
      assert.match(stderr, says);
    }
  });
});

describe('a snapshot that is moved', () => {
  test('a catalogue with --relative-to goes with it, and catalogue.sql too', async () => {
    const tree = join(scratch, 'tree');
    mkdirSync(tree);
    cpSync(out, join(tree, 'output'), { recursive: true, verbatimSymlinks: true });
    const made = runCli(['catalogue', join(tree, 'omi.duckdb'), '--out', join(tree, 'output'), '--relative-to', tree]); // prettier-ignore
    assert.equal(made.code, 0, made.stderr);
    const moved = join(scratch, 'moved tree');
    renameSync(tree, moved);
    const rows = readManifest(current).tables['images']!.rows;
    const before = process.cwd();
    try {
      process.chdir(moved);
      assert.deepEqual(await ask('omi.duckdb', 'SELECT count(*)::INT AS n FROM images'), [{ n: rows }]);
      const [{ snapshot } = {}] = await ask('omi.duckdb', 'FROM catalogue');
      assert.equal(snapshot, join('output', 'snapshots', readManifest(current).run_id));
      process.chdir(join(moved, 'output', 'current'));
      const script = readFileSync('catalogue.sql', 'utf8');
      await change(':memory:', `${script} SELECT * FROM images`);
      process.chdir('/');
      const search = `SET file_search_path = '${join(moved, 'output', 'current')}'`;
      await change(':memory:', `${search}; ${script} SELECT * FROM images`);
      await assert.rejects(change(':memory:', script), /No files found/);
    } finally {
      process.chdir(before);
    }
  });
});
