import assert from 'node:assert/strict';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { makeSample } from '../../scripts/sample/database.js';
import { FAULT_KINDS } from '../../scripts/sample/faults.js';
import { isRoot, runCli, runProcess, startCli, temporaryFolder, type Finished } from '../helpers/cli.js';
import { itemsOf, turnsOf } from '../helpers/extent.js';
import { publishedHashes } from '../helpers/output.js';

const folder = temporaryFolder();
const fresh = () => mkdtempSync(join(folder, 'case-'));
const small = join(folder, 'small');
makeSample({ out: small, clients: 2, seed: 1, faults: [], pixels: 'sparse' });
const aFile = join(folder, 'a-file');
writeFileSync(aFile, 'not what it should be\n');

const RECORD = ['last-run.json', 'runs.jsonl'];

/** One clear sentence on stderr, nothing on stdout, and the exit code. */
function assertRefused(run: Finished, code: number, says: RegExp): void {
  assert.equal(run.code, code, run.stderr);
  assert.match(run.stderr, says);
  assert.match(run.stderr, /^omidb-etl: [^\n]+\n$/);
  assert.doesNotMatch(run.stderr, /error of the program|\n +at |Error:/);
  assert.equal(run.stdout, '');
}

describe('a database that cannot be run on', () => {
  const cases: readonly (readonly [string, (database: string) => string, number, RegExp])[] = [
    ['an empty directory', (d) => d, 1, /holds no folder named data/],
    ['an absent directory', (d) => join(d, 'nowhere'), 1, /nowhere is not there/],
    ['a file in place of the directory', () => aFile, 1, /a-file is a file, not a folder/],
    ['a path through a file', () => join(aFile, 'below'), 1, /below is not there/],
    ['a directory without data/', (d) => (mkdirSync(join(d, 'images')), d), 1, /holds no folder named data/],
    ['an empty data/', (d) => (mkdirSync(join(d, 'data')), d), 1, /data holds no client folders/],
    ['a file in place of data/', (d) => (writeFileSync(join(d, 'data'), ''), d), 1, /data is not a folder/],
    [
      'both data/ and DATA/',
      (d) => (mkdirSync(join(d, 'data')), mkdirSync(join(d, 'DATA')), d),
      2,
      /holds DATA and data|holds data and DATA/,
    ],
  ];
  for (const [name, make, code, says] of cases) {
    test(`${name}: one sentence, exit ${code}, nothing published`, () => {
      const out = join(fresh(), 'out');
      assertRefused(runCli(['run', make(fresh()), '--out', out]), code, says);
      // But that it failed is on record; a mistake in the command makes nothing.
      assert.deepEqual(existsSync(out) ? readdirSync(out).sort() : [], code === 1 ? RECORD : []);
    });
  }
});

describe('an output that cannot be written to', () => {
  test('a file in place of the folder, or on the way to it', () => {
    assertRefused(runCli(['run', small, '--out', aFile]), 1, /a-file is a file, not a folder/);
    assertRefused(
      runCli(['run', small, '--out', join(aFile, 'x', 'y')]),
      1,
      /a-file is a file, not a folder/,
    );
  });

  test('a file in place of its snapshots, found before anything is read', () => {
    const out = fresh();
    writeFileSync(join(out, 'snapshots'), '');
    assertRefused(runCli(['run', small, '--out', out]), 1, /snapshots is a file, not a folder/);
  });

  test('a folder without permission', () => {
    const out = fresh();
    chmodSync(folder, 0o755);
    chmodSync(out, 0o555);
    assertRefused(runCli(['run', small, '--out', out], { asNobody: isRoot }), 1, /no permission/);
    chmodSync(out, 0o755);
    assert.deepEqual(readdirSync(out), []);
  });

  test('current is a folder of somebody: it stays, and nothing is published', () => {
    const out = fresh();
    mkdirSync(join(out, 'current'));
    writeFileSync(join(out, 'current', 'mine'), 'precious');
    assertRefused(runCli(['run', small, '--out', out]), 1, /current is not a link/);
    assert.deepEqual(readdirSync(join(out, 'current')), ['mine']);
    assert.deepEqual(readdirSync(join(out, 'snapshots')), []);
  });
});

describe('wrong usage', () => {
  const badTags = join(folder, 'tags.csv');
  writeFileSync(badTags, 'keyword,column\nNoSuchKeyword,x\n');
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['workers that are no number', ['--workers', 'abc'], /--workers is "abc"/],
    ['fewer than no workers', ['--workers=-1'], /--workers is "-1"/],
    ['half a worker', ['--workers', '1.5'], /--workers is "1.5"/],
    ['an unknown option', ['--color-of-progress', 'red'], /color-of-progress/],
    ['an option without its value', ['--out'], /out/],
    ['a value that is not among the choices', ['--fail-on', 'sometimes'], /fail-on/],
    ['a second database', ['another'], /another/],
    ['a list of clients that is not there', ['--clients-file', '/nowhere/list'], /\/nowhere\/list/],
    [
      'a list of clients to leave out that is not there',
      ['--exclude-clients-file', '/nowhere/list'],
      /\/nowhere\/list/,
    ],
    ['tags that DICOM does not know', ['--tags', badTags], /tags\.csv, line 2/],
    ['a file of tags that is not there', ['--tags', '/nowhere/tags.csv'], /\/nowhere\/tags\.csv/],
  ];
  for (const [name, args, says] of cases) {
    test(`${name}: one sentence and exit 2`, () => {
      const cwd = fresh();
      assertRefused(runCli(['run', small, ...args], { cwd }), 2, says);
      assert.deepEqual(readdirSync(cwd), [], 'nothing is written');
    });
  }

  test('no command, an unknown command, no database', () => {
    assertRefused(runProcess([]), 2, /omidb-etl run DATABASE/);
    assertRefused(runProcess(['walk', small]), 2, /walk/);
    assertRefused(runProcess(['run']), 2, /say which database/);
  });

  test('a database of which no client is asked for', () => {
    const list = join(fresh(), 'none.txt');
    writeFileSync(list, 'optm999999\n');
    const out = fresh();
    assertRefused(
      runCli(['run', small, '--out', out, '--clients-file', list, '--allow-unknown-clients']),
      1,
      /none of the clients asked for/,
    );
    assert.deepEqual(readdirSync(out).sort(), RECORD);
  });

  test('a query of nothing published, and one that is no SQL', () => {
    const out = fresh();
    assertRefused(runCli(['query', '--out', out]), 1, /holds no published tables/);
  });
});

describe('a run that does not come to its end', () => {
  const database = join(folder, 'larger');
  makeSample({ out: database, clients: turnsOf(90, 60), seed: 2, faults: FAULT_KINDS, pixels: 'sparse' });
  const out = join(folder, 'published');
  const first = runCli(['run', small, '--out', out, '--no-progress']);
  assert.equal(first.code, 0, first.stderr);
  const link = readlinkSync(join(out, 'current'));
  const hashes = publishedHashes(join(out, 'current'));

  function assertUntouched(): void {
    assert.equal(readlinkSync(join(out, 'current')), link);
    assert.deepEqual(publishedHashes(join(out, 'current')), hashes);
    // What a run that died was building is beside them.
    const published = readdirSync(join(out, 'snapshots')).filter((name) => !name.startsWith('.'));
    assert.deepEqual(published, [link.slice('snapshots/'.length)]);
    const answer = runCli([
      'query',
      'SELECT count(*)::INT AS n FROM clients',
      '--out',
      out,
      '--format',
      'json',
    ]);
    assert.equal(answer.stdout, '{"n":2}\n');
  }

  /** Waits until the run writes, so that it is in the middle of its work. */
  async function whenBuilding(): Promise<void> {
    const building = () =>
      readdirSync(join(out, 'snapshots')).filter((name) => name.startsWith('.building-'));
    // What an earlier run left would be taken for this one's.
    for (const name of building()) rmSync(join(out, 'snapshots', name), { recursive: true, force: true });
    for (let i = 0; i < 400; i++) {
      if (building().length > 0) return pause(turnsOf(300, 100));
      await pause(20);
    }
    throw new Error('the run did not begin to build');
  }

  for (const signal of itemsOf(['SIGINT', 'SIGTERM'] as const, 1)) {
    test(`${signal}: exits soon with one sentence, the last snapshot is as it was`, async () => {
      const { child, done } = startCli(['run', database, '--out', out, '--workers', '1', '--no-progress']);
      await whenBuilding();
      const asked = performance.now();
      child.kill(signal);
      const run = await done;
      assert.ok(performance.now() - asked < 30_000, 'within half a minute');
      assertRefused(run, 1, /stopped; nothing was published/);
      assertUntouched();
    });
  }

  test('SIGKILL: the last snapshot is as it was, and the next run publishes', async () => {
    const { child, done } = startCli(['run', database, '--out', out, '--workers', '1', '--no-progress']);
    await whenBuilding();
    child.kill('SIGKILL');
    assert.equal((await done).code, null);
    assertUntouched();
  });

  test('a run that fails: the last snapshot is as it was', () => {
    const broken = fresh();
    mkdirSync(join(broken, 'data'));
    cpSync(join(small, 'data'), join(broken, 'data'), { recursive: true });
    const list = join(broken, 'list');
    writeFileSync(list, 'optm77\n');
    assert.equal(
      runCli(['run', broken, '--out', out, '--clients-file', list, '--allow-unknown-clients']).code,
      1,
    );
    assertUntouched();
  });

  test('the run after all of these publishes', () => {
    const run = runCli(['run', database, '--out', out, '--no-progress']);
    assert.equal(run.code, 0, run.stderr);
    assert.notEqual(readlinkSync(join(out, 'current')), link);
  });
});

describe('--fail-on', () => {
  function codeOf(database: string, severity: string, start = runCli): number | null {
    const out = fresh();
    const run = start(['run', database, '--out', out, '--fail-on', severity, '--no-progress']);
    assert.ok(existsSync(join(out, 'current', 'manifest.json')), 'published all the same');
    return run.code;
  }

  test('exits with 3 after publishing when there is something as bad or worse', () => {
    const warned = join(folder, 'warned');
    makeSample({ out: warned, clients: 3, seed: 1, faults: ['client_only_in_data'], pixels: 'sparse' });
    assert.equal(codeOf(warned, 'warning', runProcess), 3);
    assert.equal(codeOf(warned, 'error'), 0);
    const wrong = join(folder, 'wrong');
    makeSample({ out: wrong, clients: 3, seed: 1, faults: ['imagedb_missing'], pixels: 'sparse' });
    assert.equal(codeOf(wrong, 'error'), 3);
    assert.equal(codeOf(wrong, 'never'), 0);
  });
});
