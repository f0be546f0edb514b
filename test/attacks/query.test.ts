import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { literalPattern } from '../../pipeline/engine/sql.js';
import { showControls } from '../../pipeline/base/text.js';
import { createLog } from '../../pipeline/run/log.js';
import { runCli, temporaryFolder, type Finished } from '../helpers/cli.js';
import { itemsOf } from '../helpers/extent.js';
import { Database, goodNbss } from '../hostile/database.js';

/** What SQL may touch, and what a terminal is shown. */

const folder = temporaryFolder();
const database = new Database();
// ESC, a C1 control and a bidirectional override, in a value and in a key.
const HOSTILE = 'a\u001b[31mb\u009bc\u202ed\rE';
database.nbss({ ...goodNbss(), '7': { EpisodeType: HOSTILE, [`odd ${HOSTILE}`]: 1 } });
// Brackets: what DuckDB is allowed to read is told to it by the same name as the files.
const out = join(folder, "it's [one]");
assert.equal(runCli(['run', database.folder, '--out', out, '--no-progress']).code, 0);
const snapshot = join(out, 'current');
const part = join(snapshot, 'tables', 'clients', 'optm-0000000.parquet');
const secret = join(folder, 'secret.txt');
writeFileSync(secret, 'not of the snapshot');
const quoted = (path: string) => `'${path.replaceAll("'", "''")}'`;

function query(sql: string, ...more: string[]): Finished {
  return runCli(['query', sql, '--out', out, ...more], { cwd: folder });
}

describe('a query reads the files of the snapshot, and does nothing else', () => {
  const before = readFileSync(part);
  const refused: readonly (readonly [string, string])[] = [
    ['writes over a published part', `COPY clients TO ${quoted(part)}`],
    ['writes beside the parts', `COPY clients TO ${quoted(join(snapshot, 'new.csv'))}`],
    ['writes elsewhere', `COPY clients TO ${quoted(join(folder, 'new.csv'))}`],
    [
      'writes under cover of EXPLAIN',
      `EXPLAIN /* */ ANALYZE COPY clients TO ${quoted(join(snapshot, 'x.csv'))}`,
    ],
    ['writes as a second statement', `SELECT 1; COPY clients TO ${quoted(join(snapshot, 'x.csv'))}`],
    [
      'writes by a prepared statement',
      `PREPARE p AS COPY clients TO ${quoted(join(snapshot, 'x.csv'))}; EXECUTE p`,
    ],
    ['exports', `EXPORT DATABASE ${quoted(join(snapshot, 'exported'))}`],
    ['attaches a new database', `ATTACH ${quoted(join(snapshot, 'd.db'))}`],
    ['reads a file of any name', `SELECT * FROM read_text(${quoted(secret)})`],
    [
      'reads it by a way through the snapshot',
      `SELECT * FROM read_text(${quoted(`${snapshot}/../../../secret.txt`)})`,
    ],
    ['reads it as a table', `SELECT * FROM ${quoted(secret)}`],
    ['reads the web', "SELECT * FROM read_csv('https://localhost:9/a.csv')"],
    ['installs an extension', 'INSTALL httpfs'],
    ['loads one', 'LOAD httpfs'],
    ['changes a setting', 'SET enable_external_access = true'],
    ['profiles into a file', `PRAGMA profiling_output = ${quoted(join(snapshot, 'x'))}`],
    ['keeps a secret', 'CREATE PERSISTENT SECRET s (TYPE http)'],
  ];
  for (const [name, sql] of itemsOf(refused, 6))
    test(`refused: ${name}`, () => {
      const files = readdirSync(snapshot, { recursive: true });
      const { code, stdout, stderr } = query(sql, '--format', 'json');
      assert.equal(code, 1, stdout);
      assert.match(stderr, /^omidb-etl: /);
      assert.doesNotMatch(stdout + stderr, /not of the snapshot|error of the program/);
      assert.deepEqual(readdirSync(snapshot, { recursive: true }), files);
      assert.deepEqual(readFileSync(part), before);
    });

  test('other files are not even listed', () => {
    const { stdout } = query(`SELECT * FROM glob(${quoted(`${folder}/*`)})`, '--format', 'json');
    assert.doesNotMatch(stdout, /secret/);
  });

  const answered: readonly (readonly [string, string, RegExp])[] = [
    ['a question', 'SELECT count(*) AS n FROM clients', /"n":"2"/],
    ['what it can be written as too', 'FROM clients SELECT max(client_id) AS m', /"m":"optm2"/],
    ['the columns of a table', 'DESCRIBE clients', /"column_name":"client_id"/],
    ['a summary', 'SUMMARIZE clients', /"column_name":"client_id"/],
    ['its plan', 'EXPLAIN SELECT * FROM clients', /physical_plan/],
    ['JSON functions', `SELECT json_extract_string('{"a": 1}', '$.a') AS a`, /"a":"1"/],
    [
      'a file of the snapshot',
      `SELECT count(*) AS n FROM read_json(${quoted(literalPattern(join(realpathSync(snapshot), 'manifest.json')))})`,
      /./,
    ],
    ['the last of several', 'SELECT 1 AS a; SELECT 2 AS b', /^\{"b":2\}\n$/],
    ['no row', 'SELECT 1 AS a WHERE false', /^$/],
  ];
  for (const [name, sql, says] of itemsOf(answered, 4))
    test(`answered: ${name}`, () => {
      const { code, stdout, stderr } = query(sql, '--format', 'json');
      assert.equal(code, 0, stderr);
      assert.match(stdout, says);
    });

  test('--unsafe does the rest', () => {
    const target = join(folder, 'copied.csv');
    assert.equal(query(`COPY clients TO ${quoted(target)}`, '--unsafe').code, 0);
    assert.ok(existsSync(target));
    assert.match(
      query(`SELECT content FROM read_text(${quoted(secret)})`, '--unsafe').stdout,
      /not of the snapshot/,
    );
  });

  test('a large result comes page by page, all of it', () => {
    const { stdout } = query('SELECT range AS n FROM range(100000)', '--format', 'json');
    assert.equal(stdout.trimEnd().split('\n').length, 100_000);
    const table = query('SELECT range AS n FROM range(5000)').stdout;
    assert.equal(table.match(/^ *\d+$/gm)?.length, 5000);
  });
});

describe('what a terminal would obey', () => {
  const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

  for (const sql of ['SELECT * FROM episodes', 'SELECT * FROM mismatches'])
    test(`is shown in a table and in JSON: ${sql}`, () => {
      const table = query(sql).stdout;
      assert.doesNotMatch(table, OBEYED);
      assert.ok(table.includes('\\u001b[31m'));
      const json = query(sql, '--format', 'json').stdout;
      assert.doesNotMatch(json, OBEYED);
      // It is the same JSON all the same.
      assert.ok(json.split('\n').some((line) => line !== '' && Object.values(JSON.parse(line) as object).some((value) => String(value).includes(HOSTILE)))); // prettier-ignore
    });

  test('is shown in errors, in a dry run and in the log, whose messages stay one line', () => {
    const refused = runCli(['run', join(folder, HOSTILE)]);
    assert.equal(refused.code, 1);
    assert.doesNotMatch(refused.stderr, OBEYED);
    const dry = runCli(['run', database.folder, '--dry-run', '--json']);
    assert.equal(dry.code, 0);
    assert.doesNotMatch(dry.stdout, OBEYED);
    const file = join(folder, 'log');
    createLog({ level: 'info', file, json: false }).warn(
      `${HOSTILE}\n[2026-01-01 00:00:00] INFO: all is well`,
    );
    const log = readFileSync(file, 'utf8');
    assert.doesNotMatch(log, OBEYED);
    assert.equal(log.trimEnd().split('\n').length, 1);
  });

  test('text that holds none stays as it is', () => {
    for (const text of ['plain', 'Zürich 日本語', '{"a": "b"}', 'two\nlines', '│ box │'])
      assert.equal(showControls(text), text);
    assert.equal(showControls('\u{e0041}'), '\\udb40\\udc41');
  });
});
