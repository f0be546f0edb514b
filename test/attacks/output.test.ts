import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { before, describe, test } from 'node:test';
import { openOutput, type OutputFolder } from '../../pipeline/snapshot/output-folder.js';
import { publish } from '../../pipeline/snapshot/publish.js';
import { CLI, runCli } from '../helpers/cli.js';
import { itemsOf } from '../helpers/extent.js';
import { leftovers, results, runHere, sampleDatabase, scratchFolder, snapshots } from '../crash/helpers.js';
import { runLogged, runRefusing } from './helpers.js';

/** Rows 9, 10, 13, 17 and 19 of the attacks: who owns a file of the output, and what its disk may refuse. */

const scratch = scratchFolder();
const database = sampleDatabase(join(scratch, 'db'), 3);
let expected: Record<string, string> = {};

before(async () => {
  const out = join(scratch, 'undisturbed');
  await runHere(database, out);
  expected = results(out);
});

function touchDatabase(): void {
  const client = readdirSync(join(database, 'data')).sort()[0]!;
  const folder = join(database, 'data', client);
  const file = readdirSync(folder).find((name) => name.endsWith('.json'))!;
  utimesSync(join(folder, file), new Date(), new Date());
}

const open = (out: string, silentMs = 300): Promise<OutputFolder> =>
  openOutput(out, {
    now: new Date(),
    signal: new AbortController().signal,
    onWait: () => undefined,
    pace: { beatMs: 50, silentMs },
  });

/** A script that takes the output and says so, then goes on living. */
function holderScript(out: string): string {
  const file = join(scratch, 'holder.mjs');
  const module = new URL('../../pipeline/snapshot/output-folder.js', import.meta.url).href;
  writeFileSync(
    file,
    `import { openOutput } from ${JSON.stringify(module)};
     const output = await openOutput(${JSON.stringify(out)}, { now: new Date(), signal: new AbortController().signal, onWait: () => 0, pace: { beatMs: 50, silentMs: 300 } });
     process.stdout.write('held');
     setInterval(() => output.current(), 1000);`,
  );
  return file;
}

const wrap = ['--pid', '--fork', '--kill-child', '--mount-proc'];
const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const canUnshare = spawnSync('unshare', [...wrap, 'true']).status === 0;

describe('a holder in another namespace of processes', { skip: canUnshare ? false : 'needs unshare' }, () => {
  /** Starts a holder, its clock so far from ours, and waits until it holds. */
  async function hold(out: string, clock: string | null = null) {
    const env = clock === null ? process.env : { ...process.env, LD_PRELOAD: FAKETIME, FAKETIME: clock };
    const child = spawn('unshare', [...wrap, process.execPath, holderScript(out)], { stdio: ['ignore', 'pipe', 'inherit'], env });
    await new Promise((resolve, reject) => {
      child.stdout.once('data', resolve);
      child.once('close', reject);
    });
    return child;
  }

  for (const clock of [null, ...itemsOf(['-5m', '+5m', '2026-01-01 00:00:00'], 1)]) {
    const skip = clock === null || existsSync(FAKETIME) ? false : 'needs faketime';
    test(`keeps its lock while it lives, its clock ${clock ?? 'as ours'}`, { skip }, async () => {
      const out = join(scratch, `space-${clock ?? ''}`);
      const child = await hold(out, clock);
      await assert.rejects(open(out, 2000), /another run writes to .* \(process \d+ on /);
      child.kill('SIGKILL');
    });
  }

  test('loses it when it dies, and what it was building goes to the next by a rename', async () => {
    const out = join(scratch, 'space-dead');
    const child = await hold(out);
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await closed;
    await sleep(100);
    const output = await open(out);
    output.assertHeld();
    output.close();
    assert.deepEqual(leftovers(out), []);
  });
}); // prettier-ignore

describe('a holder that was stopped, overtaken and resumed', () => {
  /** Opens an output twice, the second time as one that overtook the first. */
  async function overtake(name: string): Promise<{ out: string; first: OutputFolder; second: OutputFolder }> {
    const out = join(scratch, name);
    await runHere(database, out);
    const first = await open(out);
    mkdirSync(join(first.building, 'ranges'), { recursive: true });
    writeFileSync(join(first.building, 'ranges', 'optm-0000000.json'), '{}');
    // As if it had been silent for long on another machine.
    const lock = join(out, '.lock');
    const text = readFileSync(lock, 'utf8');
    writeFileSync(lock, text.replace(/"host":"[^"]*"/, '"host":"elsewhere"'));
    const second = await open(out);
    return { out, first, second };
  }

  test('publishes nothing, whatever it still does, and leaves nothing', async () => {
    const { out, first, second } = await overtake('overtaken');
    assert.throws(() => { first.assertHeld(); }, /taken over by another run/);
    assert.notEqual(first.building, second.building);
    assert.equal(existsSync(first.building), false);
    mkdirSync(join(first.building, 'tables'), { recursive: true });
    writeFileSync(join(first.building, 'tables', 'late.parquet'), 'of the first run');
    writeFileSync(join(second.building, 'mine'), '');
    assert.deepEqual(readdirSync(second.building).sort(), ['mine', 'ranges']);
    assert.throws(() => first.publish('20990101T000000.000Z-0123ab'), /taken over by another run/);
    first.prune(0);
    first.close();
    second.assertHeld();
    assert.ok(existsSync(join(second.building, 'mine')));
    second.discard();
    second.close();
    assert.deepEqual(results(out), expected);
    assert.equal(snapshots(out).length, 1);
    assert.deepEqual(leftovers(out), []);
  }); // prettier-ignore

  // Even one that looked at its lock right before: the names that it would rename are gone.
  for (const moment of ['before its snapshot has its name', 'before the swap']) {
    test(`and that does not look at its lock: ${moment}`, async () => {
      const out = join(scratch, moment.replaceAll(' ', '-'));
      const id = '20990101T000000.000Z-0123ab';
      await runHere(database, out);
      const first = await open(out);
      writeFileSync(join(first.building, 'manifest.json'), '{}');
      let looks = 0;
      const overtakeNow = () => {
        looks++;
        if (looks !== (moment === 'before the swap' ? 2 : 1)) return;
        // What one that takes over does first.
        execFileSync(process.execPath, ['-e', ''], { stdio: 'ignore' });
        if (moment === 'before the swap') {
          renameSync(join(out, `.current-${id}`), join(out, 'current'));
        } else renameSync(join(first.building, '..'), join(out, 'snapshots', '.building-ffffffffffff'));
      };
      if (moment === 'before the swap') {
        const { doubt } = publish(first.building, out, id, overtakeNow);
        assert.match(doubt!, /by another run, which took over/);
      } else {
        assert.throws(() => publish(first.building, out, id, overtakeNow), /ENOENT/);
        assert.deepEqual(results(out), expected);
        assert.deepEqual(readdirSync(out).filter((name) => name.startsWith('.current')), []);
      }
      first.close();
    }); // prettier-ignore
  }
});

test('what this program did not make stays, whatever its name', async () => {
  const out = join(scratch, 'names');
  const elsewhere = join(scratch, 'precious');
  mkdirSync(join(elsewhere, 'snapshot'), { recursive: true });
  writeFileSync(join(elsewhere, 'snapshot', 'mine'), 'precious');
  const folders = ['.trash-photos', '.lock.d', '.current-theme', 'snapshots/.trash-mine', 'snapshots/.building-x', '.lock.123-abc'];
  for (const name of folders) {
    mkdirSync(join(out, name), { recursive: true });
    writeFileSync(join(out, name, 'mine'), 'precious');
  }
  symlinkSync(elsewhere, join(out, '.building'));
  symlinkSync(elsewhere, join(out, 'snapshots', '.building-0123456789ab'));
  symlinkSync(elsewhere, join(out, 'snapshots', '.trash-20260101T000000.000Z-0123ab'));
  await runHere(database, out);
  for (const name of folders) assert.equal(readFileSync(join(out, name, 'mine'), 'utf8'), 'precious', name);
  for (const name of ['.building', 'snapshots/.building-0123456789ab', 'snapshots/.trash-20260101T000000.000Z-0123ab'])
    assert.ok(lstatSync(join(out, name)).isSymbolicLink(), name);
  assert.equal(readFileSync(join(elsewhere, 'snapshot', 'mine'), 'utf8'), 'precious');
  assert.deepEqual(results(out), expected);
}); // prettier-ignore

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

  test('a disk whose quota is used up, or whose server forgot it: one sentence', async () => {
    for (const [code, says] of [['EDQUOT', /quota is used up: nothing was published/], ['ESTALE', /does not know it any more/]] as const) {
      const run = await runRefusing(`renameSync=${code}:manifest.json`, database, join(scratch, code));
      assert.equal(run.code, 1);
      assert.match(run.stderr, says);
      assert.doesNotMatch(run.stderr, /error of the program/);
    }
  }); // prettier-ignore

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
    const run = spawnSync('sh', ['-c', `exec "$0" "$@" > /dev/full`, process.execPath, CLI, 'run', database, '--out', out, '--no-progress'], { encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
    assert.match(run.stderr, /^omidb-etl: stdout cannot be written to \(ENOSPC\)[^\n]*\n$/);
    assert.deepEqual(results(out), expected);
    const query = spawnSync('sh', ['-c', `exec "$0" "$@" > /dev/full`, process.execPath, CLI, 'query', '--out', out], { encoding: 'utf8' });
    assert.equal(query.status, 1);
    assert.match(query.stderr, /^omidb-etl: stdout cannot be written to \(ENOSPC\)[^\n]*\n$/);
  }); // prettier-ignore
});

describe('odd outputs', () => {
  test('a clock that was set back: the ids still order the runs, and it is said', async () => {
    const out = join(scratch, 'clock');
    const future = '29990101T000000.000Z-0123ab';
    await runHere(database, out);
    const [id] = snapshots(out);
    renameSync(join(out, 'snapshots', id!), join(out, 'snapshots', future));
    const { summary, log } = await runLogged(database, out, { full: true });
    assert.match(log, /the clock says .*, which is before the last run/);
    assert.ok(summary.runId > future && summary.runId.startsWith('29990101T000000.001Z-'), summary.runId);
  });

  test('an empty folder among the tables is no table', async () => {
    const out = join(scratch, 'empty-table');
    await runHere(database, out);
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
