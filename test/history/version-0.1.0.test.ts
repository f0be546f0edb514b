import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readlinkSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { readManifest } from '../../pipeline/snapshot/read-manifest.js';
import { readReceipt } from '../../pipeline/snapshot/receipts.js';
import { runCli, temporaryFolder } from '../helpers/cli.js';
import { openDuckDb } from '../helpers/duckdb.js';
import { parseJsonLines, readJson, readJsonLines } from '../helpers/output.js';

/**
 * An output folder that version 0.1.0 wrote, and its database of two clients: the first snapshot is Parquet only, and has
 * a budget that was not kept; the second, for which a date of optm2 was put right, has Arrow files too.
 */

const folder = temporaryFolder();
const FIXTURE = fileURLToPath(new URL('../../../test/fixtures/output-0.1.0.tar.br', import.meta.url));
const archive = brotliDecompressSync(readFileSync(FIXTURE));
const unpacked = spawnSync('tar', ['-xf', '-', '-C', folder], { input: archive, encoding: 'utf8' });
assert.equal(unpacked.status, 0, unpacked.stderr);
const out = join(folder, 'version-0.1.0');
const [FIRST, SECOND] = ['20261126T154834.332Z-c4fa84', '20261126T154836.403Z-929969'] as const;
const snapshot = (id: string) => join(out, 'snapshots', id);

function ask(...args: string[]): string {
  const { code, stdout, stderr } = runCli([...args, '--out', out]);
  assert.equal(code, 0, stderr);
  return stdout;
}

describe('what version 0.1.0 published', () => {
  test('is listed by runs', () => {
    const listed = parseJsonLines(ask('runs', '--format', 'json'));
    assert.deepEqual(
      listed.map((run) => [run['run_id'], run['current'], run['clients'], run['since'], run['mismatches']]),
      [
        [FIRST, false, 2, null, { error: 1, warning: 1, info: 2 }],
        [SECOND, true, 2, FIRST, { error: 1, warning: 0, info: 2 }],
      ],
    );
  });

  test('is compared by diff', () => {
    const changes = parseJsonLines(ask('diff', '--format', 'json'));
    assert.deepEqual(changes.filter(({ table }) => table === 'mismatches').map(({ change, key }) => [change, (key as Record<string, unknown>)['kind']]), [['gone', 'date_invalid']]); // prettier-ignore
    const episode = changes.find(({ table }) => table === 'episodes')!;
    assert.deepEqual(
      [episode['change'], episode['key']],
      ['changed', { client_id: 'optm2', episode_id: '12' }],
    );
    assert.ok((episode['columns'] as string[]).includes('episode_opened_date'));
  });

  test('has a catalogue', async () => {
    const file = join(folder, 'old.duckdb');
    assert.match(ask('catalogue', file), new RegExp(`: 19 tables of snapshot ${SECOND}`));
    const db = await openDuckDb();
    await db(`ATTACH '${file}' AS old (READ_ONLY)`);
    assert.deepEqual(await db('SELECT client_id FROM old.clients'), [{ client_id: 'optm1' }, { client_id: 'optm2' }]); // prettier-ignore
    const [view] = await db("SELECT comment FROM duckdb_views() WHERE view_name = 'clients'");
    assert.match(String(view!['comment']), /Key: client_id\.$/);
  });

  for (const id of [FIRST, SECOND])
    test(`is verified: ${id}`, () => {
      assert.match(ask('verify', id), /^verified .*: \d+ files, 19 tables, \d+ rows\n$/);
    });

  test('is queried, its tables and their rows', () => {
    const sql = 'SELECT client_id, episode_opened_date::VARCHAR AS opened FROM episodes ORDER BY ALL';
    assert.deepEqual(parseJsonLines(ask('query', sql, '--format', 'json', '--snapshot', SECOND)), [
      { client_id: 'optm1', opened: '2020-01-01' },
      { client_id: 'optm2', opened: '2020-12-31' },
    ]);
    const tables = parseJsonLines(ask('query', '--format', 'json'));
    assert.equal(tables.find(({ table }) => table === 'clients')!['rows'], 2);
  });
});

describe('its files, read', () => {
  test('manifest.json has keys for sentences, and the rest as it was', () => {
    const [first, second] = [FIRST, SECOND].map((id) => readManifest(snapshot(id))!);
    assert.deepEqual(first!.work.client_ranges, { first: 1 });
    assert.deepEqual(second!.work.client_ranges, { changed: 1 });
    assert.equal(second!.format_version, 2);
    assert.equal(first!.budgets[0]!.over, 1);
    const { work, ...rest } = readJson(snapshot(SECOND), 'manifest.json');
    assert.ok(work);
    const { work: _, format_version: version, ...read } = second!;
    assert.equal(version, 2);
    assert.deepEqual(read, rest);
  });

  test('a receipt lists its files by format', () => {
    const [first, second] = [FIRST, SECOND].map((id) => readReceipt(snapshot(id), 'optm-0000000')!.files);
    assert.equal(first!.parquet['clients']!.path, 'tables/clients/optm-0000000.parquet');
    assert.equal(first!.arrow, undefined);
    assert.equal(second!.arrow!['clients']!.path, 'arrow/clients/optm-0000000.arrow');
  });

  for (const [what, change] of [
    ['of a later version', { format_version: 3 }],
    ['without what was read', { work: undefined }],
    ['without inputs', { inputs: null }],
  ] as const)
    test(`a manifest ${what} is none`, () => {
      const copy = mkdtempSync(join(folder, 'copy-'));
      const manifest = { ...readJson(snapshot(SECOND), 'manifest.json'), ...change };
      writeFileSync(join(copy, 'manifest.json'), JSON.stringify(manifest));
      assert.equal(readManifest(copy), null);
    });
});

test('a run takes it for the snapshot before: what is known since when, and what changed', () => {
  const own = mkdtempSync(join(folder, 'own-'));
  cpSync(out, own, { recursive: true, verbatimSymlinks: true });
  // In the fixture it lies in the output, where no run takes it any more.
  const database = join(folder, 'own-database');
  renameSync(join(own, 'database'), database);
  const run = runCli(['run', database, '--out', own, '--no-progress']);
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stdout, /1 client ranges read: files, options or the program changed/);
  const { mismatches, work } = readManifest(join(own, 'current'))!;
  assert.deepEqual(work.client_ranges, { changed: 1 });
  assert.deepEqual([mismatches.since, mismatches.new, mismatches.resolved], [SECOND, 0, 0]);
  const seen = readJsonLines(own, 'current', 'first-seen.jsonl').map((line) => line['run_id']);
  assert.deepEqual(new Set(seen), new Set([FIRST]));
  assert.notEqual(readlinkSync(join(own, 'current')), join('snapshots', SECOND));
  assert.equal(runCli(['run', database, '--out', own]).stdout.includes('nothing changed'), true);
});
