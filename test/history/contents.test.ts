import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, readlinkSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readReceipt, writeReceipt } from '../../pipeline/snapshot/receipts.js';
import { verifySnapshot } from '../../pipeline/snapshot/verify-snapshot.js';
import { deadBuilding, results, runHere, startRun } from '../crash/helpers.js';
import { runCli } from '../helpers/cli.js';
import { itemsOf } from '../helpers/extent.js';
import { readJsonLines, sha256 } from '../helpers/output.js';
import { copyOf, fresh, reseal, rewrite, writeClient } from './helpers.js';

/** What a snapshot holds, where its files are as they were written. */

const EPISODE = {
  EpisodeType: 'R',
  SCREENING: {
    L: { DateTaken: '2014-03-05', ViewsProcedures: 'O C', FilmReaderOpinions: 'N, then A' },
  },
};

const database = fresh();
// Two ranges; one value that no list has, and that mismatches therefore name, twice.
writeClient(database, 'optm1', {
  nbss: { '11': EPISODE },
  studies: { '1.2.1': { StudyDate: '2014-03-05' } },
});
writeClient(database, 'optm2', { nbss: { '21': { ...EPISODE, EpisodeType: 'ZZZ' } } });
writeClient(database, 'optm1001', {
  nbss: { '31': { ...EPISODE, SCREENING: { R: { ViewsProcedures: ['O', 'QQQ'] } } } },
});
const out = fresh();
const A = 'optm-0000000.parquet';
const B = 'optm-0001000.parquet';

before(() => runHere(database, out));

const anew = () => copyOf(join(out, 'current'));

test('a text that mismatches name, and a text of a column that may hold others, pass', async () => {
  const found = readJsonLines<{ kind: string; found: string }>(out, 'current', 'mismatches.jsonl');
  const unknown = found.filter(({ kind }) => kind === 'code_unknown').map((row) => row.found);
  assert.deepEqual(unknown, ['ZZZ', 'QQQ']);
  const { rows } = await verifySnapshot(anew());
  assert.ok(rows > 10);
  // That the same words of another client, or in a column that is held to its list, would not.
  const snapshot = anew();
  await rewrite(snapshot, `tables/episodes/${A}`, `SELECT * REPLACE ('ZZZ' AS episode_type) FROM part`);
  await assert.rejects(verifySnapshot(snapshot), /"client_id":"optm1","episode_id":"11"/);
});

describe('verification fails, and names table, part file and key, for', () => {
  const cases: readonly (readonly [string, string, string, RegExp])[] = [
    [
      'a code that its list has not',
      `tables/episodes/${A}`,
      `SELECT * REPLACE (CASE client_id WHEN 'optm1' THEN 'r' ELSE episode_type END AS episode_type) FROM part`,
      /: table episodes: tables\/episodes\/optm-0000000\.parquet: column episode_type holds what list EPC has not, and no mismatch code_unknown names: \{"client_id":"optm1","episode_id":"11"\}$/,
    ],
    [
      'an item of a list that its code list has not',
      `tables/screening_sides/${A}`,
      `SELECT * REPLACE (CASE client_id WHEN 'optm2' THEN ['O', 'XX'] ELSE views_procedures END AS views_procedures) FROM part`,
      /table screening_sides: tables\/screening_sides\/optm-0000000\.parquet: column views_procedures holds what list VIEW has not.*\{"client_id":"optm2","episode_id":"21","event_number":1,"side":"L"\}$/,
    ],
    [
      'a derived code that is none',
      `tables/episodes/${B}`,
      `SELECT * REPLACE ('Invalid' AS outcome) FROM part`,
      /table episodes: tables\/episodes\/optm-0001000\.parquet: column outcome holds what list omidb:episode_outcome has not.*"optm1001"/,
    ],
    [
      'a kind of mismatch that there is not',
      'tables/mismatches/mismatches.parquet',
      `SELECT * REPLACE (CASE kind WHEN 'code_unknown' THEN kind ELSE 'nonsense' END AS kind) FROM part`,
      /table mismatches: tables\/mismatches\/mismatches\.parquet: column kind holds what list omidb:mismatch_kind has not/,
    ],
    [
      'a mismatch that is gone, whose text is still in its column',
      'tables/mismatches/mismatches.parquet',
      `SELECT * FROM part WHERE found IS DISTINCT FROM 'QQQ'`,
      /table screening_sides: tables\/screening_sides\/optm-0001000\.parquet: column views_procedures .*"optm1001"/,
    ],
    [
      'a key that stands twice in one part',
      `tables/episodes/${A}`,
      `FROM part UNION ALL (FROM part LIMIT 1)`,
      /table episodes: tables\/episodes\/optm-0000000\.parquet: a key stands twice: \{"client_id":"optm1","episode_id":"11"\}$/,
    ],
    [
      'a key that stands in two parts',
      `tables/clients/${B}`,
      `SELECT * REPLACE ('optm2' AS client_id) FROM part`,
      /table clients: tables\/clients\/optm-0000000\.parquet, tables\/clients\/optm-0001000\.parquet: a key stands twice: \{"client_id":"optm2"\}$/,
    ],
    [
      'a key that is null',
      `tables/episodes/${B}`,
      `SELECT * REPLACE (NULL::VARCHAR AS episode_id) FROM part`,
      /table episodes: tables\/episodes\/optm-0001000\.parquet: a key is null: \{"client_id":"optm1001","episode_id":null\}$/,
    ],
    [
      'a child without its parent',
      `tables/screening_sides/${A}`,
      `SELECT * REPLACE (CASE client_id WHEN 'optm2' THEN '22' ELSE episode_id END AS episode_id) FROM part`,
      /table screening_sides: tables\/screening_sides\/optm-0000000\.parquet: a row has no parent in episodes: \{"client_id":"optm2","episode_id":"22",/,
    ],
  ];
  for (const [name, path, select, says] of cases) {
    test(name, async () => {
      const snapshot = anew();
      await rewrite(snapshot, path, select);
      await assert.rejects(verifySnapshot(snapshot), says);
    });
  }

  test('rows fewer than the manifest says', async () => {
    const snapshot = anew();
    await rewrite(snapshot, `tables/clients/${A}`, 'FROM part LIMIT 1');
    const manifest = join(snapshot, 'manifest.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(
      manifest,
      text.replace(/("path": "tables\/clients\/optm-0000000.parquet",\s+"rows": )1/, '$12'),
    );
    reseal(snapshot);
    await assert.rejects(
      verifySnapshot(snapshot),
      /table clients: tables\/clients\/optm-0000000\.parquet has 1 rows, 2 were written$/,
    );
  });

  test('a part that is no Parquet file, and one whose pages are damaged', async () => {
    for (const damage of [
      () => Buffer.from('no Parquet'),
      // Behind the magic number, before the footer: it opens, its rows cannot be read.
      (bytes: Buffer) => bytes.fill(0xff, 4, bytes.length >> 2),
    ]) {
      const snapshot = anew();
      const part = join(snapshot, 'tables/events', B);
      writeFileSync(part, damage(readFileSync(part)));
      reseal(snapshot);
      await assert.rejects(
        verifySnapshot(snapshot),
        /table events: tables\/events\/optm-0001000\.parquet cannot be read: [^\n]+$/,
      );
    }
  });

  test('a manifest that lists no part of a table', async () => {
    const snapshot = anew();
    const manifest = join(snapshot, 'manifest.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"series": {', '"serious": {'));
    reseal(snapshot);
    await assert.rejects(verifySnapshot(snapshot), /table series: manifest\.json names no part file/);
  });
});

describe('a run publishes nothing, and the next one reads anew, when', () => {
  test('a range that an interrupted run left holds a code that there is not', async () => {
    const output = fresh();
    await runHere(database, output);
    const link = readlinkSync(join(output, 'current'));
    const building = deadBuilding(output);
    cpSync(join(output, link), building, { recursive: true });
    await rewrite(building, `tables/episodes/${A}`, `SELECT * REPLACE ('r' AS episode_type) FROM part`);
    // What the range's receipt says of its files is true: only its content is wrong.
    const receipt = readReceipt(building, 'optm-0000000')!;
    const part = receipt.files.parquet['episodes']!;
    const file = join(building, part.path);
    const episodes = { ...part, bytes: statSync(file).size, sha256: sha256(file) };
    writeReceipt(building, { ...receipt, files: { parquet: { ...receipt.files.parquet, episodes } } });
    utimesSync(join(database, 'data/optm1001/nbss_optm1001.json'), new Date(), new Date());

    const failed = runCli(['run', database, '--out', output]);
    assert.equal(failed.code, 1);
    assert.match(
      failed.stderr,
      // It holds something else than the current snapshot though the files are the same, which is said too.
      /^[^\n]*WARN: range optm-0000000 holds something else [^\n]*\nomidb-etl: table episodes: tables\/episodes\/optm-0000000\.parquet: column episode_type .*"optm1"[^\n]+\n$/,
    );
    assert.equal(readlinkSync(join(output, 'current')), link);
    assert.equal(existsSync(building), false);
    assert.equal(runCli(['run', database, '--out', output]).code, 0);
    assert.deepEqual(results(output), results(out));
  });

  const WRITTEN = [`tables/images/${A}`, 'tables/mismatches/mismatches.parquet', 'mismatches.jsonl'];
  for (const path of itemsOf(WRITTEN, 1)) {
    test(`${path} does not read back as it was written`, async () => {
      const output = fresh();
      const damage = fileURLToPath(new URL('damage-file.js', import.meta.url));
      const { code, stderr, stdout } = await startRun(database, output, {
        nodeArgs: ['--import', damage],
        env: { DAMAGE: path },
      }).finished;
      assert.equal(code, 1);
      assert.equal(stdout, '');
      const table = /^tables\/(\w+)/.exec(path)?.[1] ?? 'mismatches';
      assert.equal(
        stderr,
        `omidb-etl: table ${table}: ${path} does not hold what was written to it (its sha256 differs)\n`,
      );
      assert.equal(existsSync(join(output, 'current')), false);
      await runHere(database, output);
      assert.deepEqual(results(output), results(out));
    });
  }
});
