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
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { before, describe, test } from 'node:test';
import { openOutput, type OutputFolder } from '../../pipeline/snapshot/output-folder.js';
import { publish } from '../../pipeline/snapshot/publish.js';
import { itemsOf } from '../helpers/extent.js';
import { BOUNDED } from '../helpers/processes.js';
import {
  copyOutput,
  leftovers,
  results,
  runHere,
  sampleDatabase,
  scratchFolder,
  snapshots,
} from '../crash/helpers.js';

/** Rows 9 and 10 of the attacks: who owns a file of the output. */

const scratch = scratchFolder();
const database = sampleDatabase(join(scratch, 'db'), 3);
const undisturbed = join(scratch, 'undisturbed');
let expected: Record<string, string> = {};

before(async () => {
  await runHere(database, undisturbed);
  expected = results(undisturbed);
});

const open = (out: string, silentMs = 300): Promise<OutputFolder> =>
  openOutput(out, {
    now: new Date(),
    signal: new AbortController().signal,
    onWait: () => undefined,
    onMended: () => undefined,
    pace: { beatMs: 50, silentMs },
  });

/** A script that takes the output and says so, then goes on living. */
function holderScript(out: string): string {
  const file = join(scratch, 'holder.mjs');
  const module = new URL('../../pipeline/snapshot/output-folder.js', import.meta.url).href;
  writeFileSync(
    file,
    `import { openOutput } from ${JSON.stringify(module)};
     const output = await openOutput(${JSON.stringify(out)}, { now: new Date(), signal: new AbortController().signal, onWait: () => 0, onMended: () => 0, pace: { beatMs: 50, silentMs: 300 } });
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
    const child = spawn('unshare', [...wrap, process.execPath, holderScript(out)], { stdio: ['ignore', 'pipe', 'inherit'], env, ...BOUNDED });
    await new Promise((resolve, reject) => {
      child.stdout.once('data', resolve);
      child.once('close', reject);
    });
    return child;
  }

  for (const clock of [null, ...itemsOf(['-5m', '+5m', '@2026-01-01 00:00:00'], 1)]) {
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
    copyOutput(undisturbed, out);
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
    await assert.rejects(first.publish('20990101T000000.000Z-0123ab'), /taken over by another run/);
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
      copyOutput(undisturbed, out);
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
        const { doubt } = await publish(first.building, out, id, overtakeNow);
        assert.match(doubt!, /by another run, which took over/);
      } else {
        await assert.rejects(publish(first.building, out, id, overtakeNow), /ENOENT/);
        assert.deepEqual(results(out), expected);
        assert.deepEqual(readdirSync(out).filter((name) => name.startsWith('.current')), []);
      }
      first.close();
    }); // prettier-ignore
  }
});

test('what a run that died left is removed', async () => {
  const out = join(scratch, 'left');
  const id = '20260101T000000.000Z-0123ab';
  for (const folder of ['.building/snapshot', `.trash-${id}/tables`, `snapshots/.trash-${id}/tables`, 'snapshots/.building-0123456789ab/work'])
    mkdirSync(join(out, folder), { recursive: true });
  for (const file of [`.current-${id}.tmp`, `.current-${id}`, '.lock.12-0123456789ab', '.lock.after-0123456789abcdef'])
    writeFileSync(join(out, file), '');
  await runHere(database, out);
  assert.deepEqual(leftovers(out), []);
}); // prettier-ignore

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
