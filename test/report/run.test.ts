import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, mock, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { parseHTML } from 'linkedom';
import pino from 'pino';
import { DuckDb } from '../../pipeline/engine/duckdb.js';
import { NO_PROGRESS } from '../../pipeline/run/progress.js';
import { run } from '../../pipeline/run/run.js';
import { findRoots } from '../../pipeline/source/roots.js';
import { makeSample } from '../../scripts/sample/database.js';
import { runCli, temporaryFolder } from '../helpers/cli.js';
import { readManifest } from '../helpers/output.js';
import { runOptions } from '../helpers/run-options.js';

const folder = temporaryFolder();
const database = join(folder, 'database');
makeSample({ out: database, clients: 6, seed: 1, faults: [], pixels: 'sparse' });
const out = join(folder, 'output');
const first = runCli(['run', database, '--report', '--no-progress', '--out', out]);
const current = join(out, 'current');
const published = () => readFileSync(join(current, 'report.html'), 'utf8');

function report(...args: string[]) {
  return runCli(['report', '--out', out, ...args], { cwd: folder });
}

describe('a run', () => {
  test('publishes the report in the snapshot, guarded as every other file', () => {
    assert.equal(first.code, 0, first.stderr);
    assert.match(published(), /^<!doctype html>\n<!-- omidb-etl report -->/);
    assert.match(readFileSync(join(current, 'checksums.sha256'), 'utf8'), /^[0-9a-f]{64} {2}report\.html$/m);
    assert.equal(runCli(['verify', '--out', out]).code, 0);
  });

  test('that changed nothing makes none', () => {
    const again = runCli(['run', database, '--report', '--no-progress', '--out', out]);
    assert.equal(again.code, 0, again.stderr);
    assert.equal(readdirSync(join(out, 'snapshots')).filter((name) => name.startsWith('2')).length, 1);
  });

  test('with --no-report publishes none', () => {
    const other = join(folder, 'without');
    const done = runCli(['run', database, '--no-report', '--no-progress', '--out', other]);
    assert.equal(done.code, 0, done.stderr);
    assert.ok(!existsSync(join(other, 'current/report.html')));
  });

  test('publishes it also where tables hold codes that their lists have not, and mismatches name them', () => {
    const faulty = join(folder, 'faulty-database');
    makeSample({ out: faulty, clients: 12, seed: 1, faults: ['code_unknown'], pixels: 'sparse' });
    const other = join(folder, 'faulty');
    const { code, stderr } = runCli(['run', faulty, '--report', '--no-progress', '--out', other]);
    assert.deepEqual([code, stderr], [0, '']);
    assert.ok(readManifest(join(other, 'current')).mismatches.by_kind.code_unknown! > 0);
    assert.ok(existsSync(join(other, 'current/report.html')));
  });

  test('publishes all the same where the report cannot be made, and says so without a value of the database', async () => {
    let refused = 0;
    const method = mock.method(DuckDb.prototype, 'rows', async function (this: DuckDb, sql: string) {
      // A table that the report makes, and nobody else.
      if (!sql.includes('facts_as_they_are')) return (await this.query(sql)).rows;
      refused++;
      throw new Error('optm1 cannot be counted');
    });
    const lines: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
    const other = join(folder, 'failed');
    try {
      const options = runOptions(findRoots({ database }), other, { report: true });
      const signal = new AbortController().signal;
      await run(options, { log, progress: NO_PROGRESS, now: () => new Date(), signal });
    } finally {
      method.mock.restore();
    }
    assert.ok(refused > 0);
    assert.ok(existsSync(join(other, 'current/manifest.json')));
    assert.ok(!existsSync(join(other, 'current/report.html')));
    const warnings = lines.filter((line) => line.includes('report.html could not be made'));
    assert.equal(warnings.length, 1, lines.join(''));
    assert.ok(!lines.join('').includes('optm1 cannot'));
    assert.equal(runCli(['verify', '--out', other]).code, 0);
  });
});

describe('omidb-etl report', () => {
  test('makes the same page of the same snapshot, in the current folder', () => {
    const { code, stdout, stderr } = report();
    assert.equal(code, 0, stderr);
    const file = join(folder, `report-${readManifest(current).run_id}.html`);
    assert.equal(stdout, `${file}\n`);
    assert.equal(readFileSync(file, 'utf8'), published());
  });

  test('replaces a page of another time, and nothing else', () => {
    assert.equal(report('--to', 'page.html').code, 0);
    assert.equal(report('--to', 'page.html', '--min-count', '10').code, 0);
    assert.match(readFileSync(join(folder, 'page.html'), 'utf8'), /Counts below 10 are hidden/);
    writeFileSync(join(folder, 'mine.html'), '<!doctype html>\nmine');
    mkdirSync(join(folder, 'a-folder'));
    for (const taken of ['mine.html', 'a-folder', 'database/sample.json']) {
      const { code, stderr } = report('--to', taken);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /is there and is no report: give another --to/);
    }
    assert.equal(readFileSync(join(folder, 'mine.html'), 'utf8'), '<!doctype html>\nmine');
  });

  test('adds nothing to a snapshot', () => {
    for (const to of ['output/current/page.html', 'output/current/tables/page.html'])
      assert.match(report('--to', to).stderr, /would lie in the snapshot, which nothing is added to/);
    assert.equal(runCli(['verify', '--out', out]).code, 0);
  });

  for (const given of ['0', '-1', 'ten', '1.5'])
    test(`refuses --min-count ${given}`, () => {
      const { code, stderr } = report(`--min-count=${given}`);
      assert.deepEqual([code, stderr.includes('give a whole number from 1 to 9999')], [2, true]);
    });

  test('shows the course of the kept snapshots, up to its own', () => {
    const later = runCli(['run', database, '--full', '--report', '--no-progress', '--out', out]);
    assert.equal(later.code, 0, later.stderr);
    assert.match(published(), /Over the last 2 snapshots: \+0 women, \+0 errors/);
    const [older] = readdirSync(join(out, 'snapshots')).filter((name) => name.startsWith('2')).sort(); // prettier-ignore
    assert.equal(report(older!, '--to', 'older.html').code, 0);
    assert.ok(!readFileSync(join(folder, 'older.html'), 'utf8').includes('snapshots: +0'));
  });

  test('makes a page of a snapshot of version 0.1.0, as far as its tables go', () => {
    const fixture = fileURLToPath(new URL('../../../test/fixtures/output-0.1.0.tar.br', import.meta.url));
    const input = brotliDecompressSync(readFileSync(fixture));
    assert.equal(spawnSync('tar', ['-xf', '-', '-C', folder], { input }).status, 0);
    const { code, stderr } = runCli(['report', '--out', join(folder, 'version-0.1.0'), '--to', join(folder, '010.html')]); // prettier-ignore
    assert.equal(code, 0, stderr);
    const { document } = parseHTML(readFileSync(join(folder, '010.html'), 'utf8'));
    const text = (selector: string) =>
      document.querySelector(selector)!.textContent.replace(/\s+/g, ' ').trim();
    assert.match(text('#boxes'), /This snapshot has no table of boxes: an earlier version made it/);
    assert.match(text('title'), /20261126T154836\.403Z-929969$/);
    // Its one image, of one of its two women: the cells one after the other.
    assert.equal(text('#table1 tbody tr'), 'all 111');
  });
});
