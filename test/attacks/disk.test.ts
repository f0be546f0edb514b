import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { CLI, runCli, withoutEvents } from '../helpers/cli.js';
import {
  copyOutput,
  leftovers,
  results,
  runHere,
  sampleDatabase,
  scratchFolder,
  snapshots,
} from '../crash/helpers.js';
import { itemsOf } from '../helpers/extent.js';
import { BOUNDED } from '../helpers/processes.js';
import { runLogged, runRefusing } from './helpers.js';

/** Rows 13, 17 and 19 of the attacks: what the disk of the output may refuse, and what is said then. */

const scratch = scratchFolder();
const database = sampleDatabase(join(scratch, 'db'), 3);
const undisturbed = join(scratch, 'undisturbed');
let expected: Record<string, string> = {};

before(async () => {
  await runHere(database, undisturbed);
  expected = results(undisturbed);
});

function touchDatabase(): void {
  const client = readdirSync(join(database, 'data')).sort()[0]!;
  const folder = join(database, 'data', client);
  const file = readdirSync(folder).find((name) => name.endsWith('.json'))!;
  utimesSync(join(folder, file), new Date(), new Date());
}

describe('a file system without links', () => {
  for (const code of itemsOf(['EPERM', 'ENOTSUP', 'ENOSYS', 'EXDEV'], 1)) {
    test(`${code}: the same tables, current.json names them, every command finds them`, async () => {
      const out = join(scratch, `links-${code}`);
      const refuse = `linkSync=${code}: symlinkSync=${code}:`;
      const first = await runRefusing(refuse, database, out);
      assert.equal(first.code, 0, first.stderr);
      assert.match(first.stderr, /no symbolic links: current\.json names/);
      touchDatabase();
      const second = await runRefusing(refuse, database, out);
      assert.equal(second.code, 0, second.stderr);
      const { snapshot } = JSON.parse(readFileSync(join(out, 'current.json'), 'utf8')) as { snapshot: string };
      assert.equal(snapshot, `snapshots/${snapshots(out).at(-1)!}`);
      assert.equal(runCli(['verify', '--out', out]).code, 0);
      assert.match(runCli(['runs', '--out', out]).stdout, /\* current/);
      assert.equal(runCli(['query', 'SELECT count(*)::INT AS n FROM clients', '--out', out, '--format', 'json']).stdout, '{"n":3}\n');
      // Moved to a disk that has links.
      touchDatabase();
      await runHere(database, out);
      assert.deepEqual(results(out), expected);
      assert.equal(existsSync(join(out, 'current.json')), false);
      assert.deepEqual(leftovers(out), []);
    }); // prettier-ignore
  }

  const LOST = [
    ['EDQUOT', 'whose quota is used up', /quota is used up: nothing was published/],
    ['ESTALE', 'that its server forgot', /does not know it any more/],
  ] as const;
  for (const [code, which, says] of itemsOf(LOST, 1))
    test(`a disk ${which}: one sentence`, async () => {
      const run = await runRefusing(`renameSync=${code}:manifest.json`, database, join(scratch, code));
      assert.equal(run.code, 1);
      assert.match(run.stderr, says);
      assert.doesNotMatch(run.stderr, /error of the program/);
    });

  test('a file that its server forgot once is read again', async () => {
    const out = join(scratch, 'stale-once');
    const run = await runRefusing('openSync=ESTALE:/nbss_:1', database, out);
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(results(out), expected);
  });
});

describe('what happened is what is said', () => {
  test('the disk fails right after the swap: published, exit 0, and the doubt', async () => {
    const out = join(scratch, 'after-swap');
    const run = await runRefusing('fsyncSync=EIO:@swap', database, out);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stderr, /was published, but the disk reports EIO/);
    assert.deepEqual(results(out), expected);
  });

  test('stdout is full: published, exit 0, one sentence and no stack', () => {
    const out = join(scratch, 'full-stdout');
    const run = spawnSync('sh', ['-c', `exec "$0" "$@" > /dev/full`, process.execPath, CLI, 'run', database, '--out', out, '--no-progress'], { encoding: 'utf8', ...BOUNDED });
    assert.equal(run.status, 0, run.stderr);
    assert.match(withoutEvents(run.stderr), /^omidb-etl: stdout cannot be written to \(ENOSPC\)[^\n]*\n$/);
    assert.deepEqual(results(out), expected);
    const query = spawnSync('sh', ['-c', `exec "$0" "$@" > /dev/full`, process.execPath, CLI, 'query', '--out', out], { encoding: 'utf8', ...BOUNDED });
    assert.equal(query.status, 1);
    assert.match(query.stderr, /^omidb-etl: stdout cannot be written to \(ENOSPC\)[^\n]*\n$/);
  }); // prettier-ignore
});

describe('odd outputs', () => {
  test('a clock that was set back: the ids still order the runs, and it is said', async () => {
    const out = join(scratch, 'clock');
    const future = '29990101T000000.000Z-0123ab';
    copyOutput(undisturbed, out);
    const [id] = snapshots(out);
    renameSync(join(out, 'snapshots', id!), join(out, 'snapshots', future));
    const { summary, log } = await runLogged(database, out, { full: true });
    assert.match(log, /the clock says .*, which is before the last run/);
    assert.ok(summary.runId > future && summary.runId.startsWith('29990101T000000.001Z-'), summary.runId);
  });

  test('an empty folder among the tables is no table', () => {
    const out = join(scratch, 'empty-table');
    copyOutput(undisturbed, out);
    mkdirSync(join(out, 'current', 'tables', 'empty'));
    assert.equal(runCli(['query', '--out', out]).code, 0);
  });

  test('snapshots that is a link to another disk', { skip: existsSync('/dev/shm') ? false : 'needs another disk' }, async (t) => {
    const disk = join('/dev/shm', `omidb-test-${process.pid}`);
    t.after(() => { execFileSync('rm', ['-rf', disk]); });
    const out = join(scratch, 'other-disk');
    mkdirSync(disk);
    mkdirSync(out);
    symlinkSync(disk, join(out, 'snapshots'));
    await runHere(database, out);
    assert.deepEqual(results(out), expected);
    assert.match(runCli(['runs', '--out', out]).stdout, /\* current/);
    assert.deepEqual(leftovers(out), []);
  }); // prettier-ignore
});
