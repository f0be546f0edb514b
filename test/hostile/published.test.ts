import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DuckDb } from '../../pipeline/engine/duckdb.js';
import { sqlText } from '../../pipeline/engine/sql.js';
import { itemsOf, turnsOf } from '../helpers/extent.js';
import { runCli, type Outcome } from './cli.js';
import { Database, goodNbss, IMAGE, SERIES, STUDY } from './database.js';

const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;
/** Root may read everything: the runs are those of another user. */
const user = isRoot ? NOBODY : undefined;

async function rowsOf(
  database: Database,
  table: string,
  columns: string,
): Promise<readonly Record<string, unknown>[]> {
  const db = await DuckDb.open();
  try {
    const files = sqlText(join(database.out, 'current', 'tables', table, '*.parquet'));
    return await db.rows(`SELECT ${columns} FROM read_parquet(${files})`);
  } finally {
    await db.close();
  }
}

const ROW_MEGABYTES = turnsOf(50, 10);
const LIST_MEGABYTES = turnsOf(20, 4);

function assertPublished(outcome: Outcome): void {
  assert.equal(outcome.exitCode, 0, outcome.output);
  assert.notEqual(outcome.current, null);
  assert.ok(outcome.megabytes < 1500, `it took ${outcome.megabytes} MB`);
}

describe('what is hostile reaches the tables unharmed', () => {
  test('line separators, NULs, halves of characters and quotes, in a key and in a mismatch', async () => {
    const database = new Database();
    const hostile = ['a\0b', 'a\u2028b\u2029c\u0085d', `'";--`, 'a\nb\r\n', '\ufffe\uffff', '\u{1F600}'];
    const episodes = Object.fromEntries(hostile.map((id) => [id, { EpisodeType: id, [`key ${id}`]: id }]));
    const text = JSON.stringify({ ...goodNbss(), ...episodes });
    database.nbss(text.replace('"Classification"', String.raw`"\ud800":{},"\ud801":{},"Classification"`));
    database.write('data/optm1/odd\u2028name\nwith lines', 'x');
    const outcome = await runCli(database);
    assertPublished(outcome);
    const ids = await rowsOf(database, 'episodes', 'episode_id');
    const expected = ['7', '7', ...hostile, String.raw`\ud800`, String.raw`\ud801`];
    assert.deepEqual(ids.map((row) => row['episode_id']).sort(), expected.sort());
    const found = await rowsOf(database, 'mismatches', 'kind, found, path');
    for (const id of hostile)
      assert.ok(
        found.some((row) => row['found'] === `key ${id}`),
        JSON.stringify(id),
      );
    assert.ok(found.some(({ path }) => path === 'optm1/odd\u2028name\nwith lines'));
    const lines = readFileSync(join(database.out, 'current', 'mismatches.jsonl'), 'utf8').split('\n');
    assert.equal(lines.length - 1, found.length);
  });

  test(`a row of ${ROW_MEGABYTES} MB`, async () => {
    const database = new Database();
    const note = 'synthetic '.repeat(ROW_MEGABYTES * 100_000);
    database.nbss({ ...goodNbss(), '7': { ...goodNbss()['7'], note } });
    const outcome = await runCli(database);
    assertPublished(outcome);
    const [row] = await rowsOf(database, 'episodes', "max(length(extra::JSON->>'note')) AS length");
    assert.equal(Number(row?.['length']), note.length);
  });

  test(`mismatches of ${LIST_MEGABYTES} MB`, async () => {
    const database = new Database();
    const list = 'lesions '.repeat(LIST_MEGABYTES * 125_000);
    const mark = { X1: 1, Y1: 1, X2: 2, Y2: 2, LinkedNBSSLesionNumber: list };
    database.imagedb({
      STUDIES: { [STUDY]: { EpisodeID: '7', StudyDate: '20100501', [SERIES]: { [IMAGE]: { m: mark } } } },
    });
    const outcome = await runCli(database);
    assertPublished(outcome);
    const [row] = await rowsOf(database, 'mismatches', 'max(length(found)) AS length');
    assert.equal(Number(row?.['length']), list.trim().length);
  });
});

describe(
  'permission denied',
  { skip: isRoot && !readableByAll() ? 'the build is not readable by others' : false },
  () => {
    const closed = (...paths: string[]): Database => {
      const database = new Database();
      for (const path of paths) chmodSync(database.at(path), 0);
      mkdirSync(database.out);
      if (user !== undefined) {
        chmodSync(dirname(database.folder), 0o755);
        chownSync(database.out, user, user);
      }
      return database;
    };
    /** Runs on a database in which these paths are closed, and opens them again. */
    const runClosed = async (...paths: string[]): Promise<Outcome> => {
      const database = closed(...paths);
      const outcome = await runCli(database, [], user);
      for (const path of paths) chmodSync(database.at(path), 0o755);
      assertPublished(outcome);
      assert.equal(outcome.rows['clients'], 2);
      assert.equal(outcome.rows['images'], 2);
      return outcome;
    };

    test('files and a study folder: each reported, the rest published', async () => {
      const json = `optm1/${STUDY}/${IMAGE}.json`;
      const dicom = 'optm2/1.2.2/1.2.2.1.1.dcm';
      const nbss = 'optm1/nbss_optm1.json';
      const study = `optm1/${STUDY}`;
      const outcome = await runClosed(`data/${nbss}`, `data/${json}`, `images/${dicom}`, `images/${study}`);
      const expected = [
        `json_unreadable ${nbss}`,
        `json_unreadable ${json}`,
        `dicom_unreadable ${dicom}`,
        `folder_unreadable ${study}`,
      ];
      for (const kind of expected)
        assert.ok(outcome.kinds.includes(kind), `${kind}, among ${outcome.kinds.join(', ')}`);
    });

    test('a client folder: reported, the rest published', async () => {
      const outcome = await runClosed('data/optm1');
      assert.ok(outcome.kinds.includes('folder_unreadable optm1'), outcome.kinds.join(', '));
    });

    test('a root: the run fails and says which, the last snapshot stays', async () => {
      const database = closed(`data/optm1/${STUDY}/${IMAGE}.json`);
      const first = await runCli(database, [], user);
      assertPublished(first);
      chmodSync(database.at('data'), 0);
      const second = await runCli(database, [], user);
      chmodSync(database.at('data'), 0o755);
      assert.equal(second.exitCode, 1, second.output);
      assert.ok(second.output.includes(database.at('data')), second.output);
      assert.equal(second.current, first.current);
    });
  },
);

describe('a root that is no folder: the run fails and says so, the last snapshot stays', () => {
  const spoil: Record<string, (path: string, database: Database) => void> = {
    'a link to nothing': (path) => {
      symlinkSync('/nowhere/at/all', path);
    },
    'a link to itself': (path) => {
      symlinkSync('data', path);
    },
    'a file': (_, database) => {
      database.write('data', 'x');
    },
    'an empty folder': (path) => {
      mkdirSync(path);
    },
  };
  const chosen = itemsOf(Object.entries(spoil), 2);
  test(chosen.map(([name]) => name).join(', '), async () => {
    const database = new Database();
    const first = await runCli(database);
    assertPublished(first);
    renameSync(database.at('data'), database.at('gone'));
    for (const [name, make] of chosen) {
      make(database.at('data'), database);
      const second = await runCli(database);
      assert.ok(second.exitCode === 1 || second.exitCode === 2, `${name}: ${second.output}`);
      assert.match(second.output, /data/);
      assert.equal(second.current, first.current);
      assert.equal(readdirSync(join(database.out, 'snapshots')).length, 1);
      rmSync(database.at('data'), { recursive: true });
    }
  });
});

/** Whether another user may read the build and what it needs. */
function readableByAll(): boolean {
  for (
    let path = fileURLToPath(new URL('../../../package.json', import.meta.url));
    path !== '/';
    path = dirname(path)
  )
    if ((statSync(path).mode & 0o004) === 0) return false;
  return true;
}
