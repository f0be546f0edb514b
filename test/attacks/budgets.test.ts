import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BatchBudget, ClientBudget } from '../../pipeline/stages/budgets.js';
import { rowsPerGroup } from '../../pipeline/stages/write/parquet.js';
import { linesOf } from '../../pipeline/storage/read.js';
import { CLI, runCli, temporaryFolder } from '../helpers/cli.js';
import { itemsOf } from '../helpers/extent.js';
import { readJsonLines } from '../helpers/output.js';
import { results } from '../crash/helpers.js';
import { BOUNDED } from '../helpers/processes.js';
import { Database, goodHeader } from '../hostile/database.js';

/** What one client may cost, and data whose amount decides the length of nothing. */

const MEGABYTE = 1024 * 1024;

interface Row {
  readonly kind: string;
  readonly client_id: string | null;
  readonly severity: string;
  readonly path: string | null;
  readonly detail: string;
}

const mismatchesOf = (out: string) => readJsonLines<Row>(out, 'current', 'mismatches.jsonl');
const kindsOf = (out: string, client: string) =>
  mismatchesOf(out)
    .filter((row) => row.client_id === client)
    .map(({ kind }) => kind);

function omidb(...args: string[]): string {
  const { code, stdout, stderr } = runCli(args);
  assert.equal(code, 0, stderr);
  return stdout;
}

function clientsOf(out: string): unknown[] {
  const sql = 'SELECT client_id, image_count, episode_count FROM clients ORDER BY ALL';
  const lines = omidb('query', sql, '--out', out, '--format', 'json').trim().split('\n');
  return lines.map((line) => Object.values(JSON.parse(line) as Record<string, unknown>));
}

/** Gives a client so many image headers of so many megabytes each: one file under many names. */
function addLargeHeaders(database: Database, client: string, count: number, megabytes: number): void {
  const folder = `data/${client}/1.2.77`;
  const text = 'x'.repeat(megabytes * MEGABYTE);
  mkdirSync(database.at(folder), { recursive: true });
  database.write(`${folder}/1.2.77.1.0.json`, JSON.stringify({ ...goodHeader(), '00091001': { vr: 'UT', Value: [text] } })); // prettier-ignore
  for (let i = 1; i < count; i++)
    linkSync(database.at(`${folder}/1.2.77.1.0.json`), database.at(`${folder}/1.2.77.1.${i}.json`));
}

describe('a client that is over the limits', () => {
  const LARGE = [
    [40, 50],
    [8, 46],
  ] as const;
  for (const [count, megabytes] of itemsOf(LARGE, 1))
    test(`${count} headers of ${megabytes} MB: client_too_large, the others are kept, full and incremental alike`, () => {
      const database = new Database();
      addLargeHeaders(database, 'optm1', count, megabytes);
      omidb('run', database.folder, '--out', database.out, '--no-progress', '--workers', '1');
      assert.deepEqual(kindsOf(database.out, 'optm1'), ['client_too_large']);
      assert.deepEqual(kindsOf(database.out, 'optm2'), []);
      assert.deepEqual(clientsOf(database.out), [
        ['optm1', null, null],
        ['optm2', 1, 1],
      ]);
      const [row] = mismatchesOf(database.out);
      assert.deepEqual([row?.severity, row?.path], ['error', 'optm1']);
      const again = omidb('run', database.folder, '--out', database.out, '--no-progress');
      assert.match(again, /nothing changed/i);
    });

  test('on whom every worker dies: tried alone, client_too_large, the clients of her task are kept', () => {
    const database = new Database();
    const preload = fileURLToPath(new URL('die-on-client.js', import.meta.url));
    const run = spawnSync(
      process.execPath,
      ['--import', preload, CLI, 'run', database.folder, '--out', database.out, '--no-progress'],
      { encoding: 'utf8', env: { ...process.env, DIE_ON: 'optm1' }, ...BOUNDED },
    );
    assert.equal(run.status, 0, run.stderr);
    assert.deepEqual(clientsOf(database.out), [
      ['optm1', null, null],
      ['optm2', 1, 1],
    ]);
    assert.deepEqual(kindsOf(database.out, 'optm1'), ['client_too_large']);
    assert.deepEqual(kindsOf(database.out, 'optm2'), []);
    assert.match(
      mismatchesOf(database.out)[0]!.detail,
      /^Each worker thread that read her files ended: nothing/,
    );
  });
});

test('what is large but within the limits is kept whole, in batches that a column can hold', () => {
  const database = new Database();
  for (const client of ['optm1', 'optm2']) addLargeHeaders(database, client, 1, 35);
  omidb('run', database.folder, '--out', database.out, '--no-progress', '--workers', '1');
  const sql = 'SELECT client_id, length(extra) AS n FROM images WHERE length(extra) > 1000000 ORDER BY ALL';
  const lines = omidb('query', sql, '--out', database.out, '--format', 'json').trim().split('\n');
  const lengths = lines.map((line) => Number((JSON.parse(line) as { n: string }).n));
  assert.equal(lengths.length, 2);
  for (const length of lengths) assert.ok(length > 35 * MEGABYTE, String(length));
});

describe('a thousand clients whose headers all differ from their DICOM', () => {
  const folder = temporaryFolder();

  test('any number of mismatches, of any length, is written line by line; full and in ranges alike', () => {
    const database = new Database();
    // Each value is found by a conflict of the tag in JSON and DICOM.
    const odd = { '00080070': { vr: 'LO', Value: [`A\u2028${'m'.repeat(200_000)}`] } };
    database.imageJson({ ...goodHeader(), ...odd });
    for (let i = 0; i < 40; i++) database.write(`data/optm1/odd ${'n'.repeat(200)} ${i}`, '');
    omidb('run', database.folder, '--out', join(folder, 'full'), '--no-progress');
    omidb('run', database.folder, '--out', join(folder, 'other'), '--no-progress', '--workers', '1');
    assert.deepEqual(results(join(folder, 'full')), results(join(folder, 'other')));
    assert.equal(
      kindsOf(join(folder, 'full'), 'optm1').filter((kind) => kind === 'unexpected_entry').length,
      40,
    );
  });

  test('lines are read as they were written, also over the pieces that a file is read in', async () => {
    const database = new Database();
    const lines = ['a\u2028b', 'x'.repeat(3 * MEGABYTE), '', 'é'.repeat(MEGABYTE), 'end'];
    database.write('lines', lines.join('\n'));
    const found: string[] = [];
    for await (const line of linesOf(database.at('lines'))) found.push(line);
    assert.deepEqual(found, lines);
  });
});

describe('budgets', () => {
  test('a client is over hers with the byte after the last', () => {
    const budget = new ClientBudget();
    budget.spend(192 * MEGABYTE);
    assert.throws(() => {
      budget.spend(1);
    }, /more than 201326592 bytes/);
    ClientBudget.checkRows(1_000_000, 'mismatches');
    assert.throws(() => {
      ClientBudget.checkRows(1_000_001, 'mismatches');
    }, /more than 1000000 mismatches/);
  });

  test('a batch ends before the client that would make it too large, and holds one client at least', () => {
    const batch = new BatchBudget();
    const fits = [100, 1, 60, 4, 1].map((megabytes) => batch.hasRoomFor(megabytes * MEGABYTE));
    assert.deepEqual(fits, [true, false, true, false, true]);
    const rows = new BatchBudget();
    assert.ok(rows.hasRoomFor(1));
    rows.addRows(100_000);
    assert.ok(!rows.hasRoomFor(1));
    assert.ok(rows.hasRoomFor(1));
  });

  test('a row group has fewer rows where they are large, and 4096 in every real part', () => {
    assert.equal(rowsPerGroup([]), 4096);
    assert.equal(rowsPerGroup([{ rows: 10_000, bytes: 10_000 * 20_000 }]), 4096);
    // 1 MB a row: 256 of them are 256 MB.
    assert.equal(rowsPerGroup([{ rows: 1000, bytes: 1000 * MEGABYTE }]), 256);
    assert.equal(
      rowsPerGroup([
        { rows: 1, bytes: 1 },
        { rows: 40, bytes: 40 * 100 * MEGABYTE },
      ]),
      16,
    );
  });
});
