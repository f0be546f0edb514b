import assert from 'node:assert/strict';
import { execFileSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readlinkSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { howMany, itemsOf, SEED } from '../helpers/extent.js';
import { hasEnded, untilOrEnd } from '../helpers/processes.js';
import { assertReadable, assertSentence, buildingOf, leftovers, results, runHere, scratchFolder, startRun, threeRanges } from './helpers.js'; // prettier-ignore

const scratch = scratchFolder();
const database = threeRanges(join(scratch, 'db'));
const undisturbed = join(scratch, 'undisturbed');
let expected: Record<string, string> = {};

before(async () => {
  await runHere(database, undisturbed);
  expected = results(undisturbed);
});

function touchAll(): void {
  for (const client of readdirSync(join(database, 'data'))) {
    const folder = join(database, 'data', client);
    const file = readdirSync(folder).find((name) => name.endsWith('.json'));
    if (file !== undefined) utimesSync(join(folder, file), new Date(), new Date());
  }
}

function mount(folder: string, options: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'omidb-test', folder], { stdio: 'pipe' });
}

function canMount(): boolean {
  const folder = join(scratch, 'mount-probe');
  try {
    mount(folder, 'size=64k');
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  }
}

describe('a disk that fills up', { skip: canMount() ? false : 'needs the right to mount a tmpfs' }, () => {
  const disk = join(scratch, 'disk');
  const out = join(disk, 'output');

  before(async () => {
    mount(disk, 'size=64m');
    await runHere(database, out);
  });
  after(() => {
    execFileSync('umount', [disk]);
  });

  // KiB: from no room at all to room for nearly all of a second snapshot, which may be enough.
  const ROOMS = [0, 24, 120, 320, 700];
  const rooms = itemsOf(ROOMS, 2);
  const points = howMany(rooms.length, ROOMS.length, 'points');
  test(`at ${points}: exit 1 and one sentence, the last snapshot untouched, the next run finishes`, async (t) => {
    const used = Number(execFileSync('du', ['-sk', out]).toString().split('\t')[0]);
    const failed: number[] = [];
    for (const room of rooms) {
      touchAll();
      const current = readlinkSync(join(out, 'current'));
      execFileSync('mount', ['-o', `remount,size=${used + room}k`, disk]);
      const { code, stderr } = await startRun(database, out).finished;
      assertReadable(out);
      if (code === 0) break;
      failed.push(room);
      assert.equal(code, 1);
      assertSentence(stderr, /output is on a disk that is full: nothing was published .*; make room and run again$/);
      assert.equal(readlinkSync(join(out, 'current')), current);
      execFileSync('mount', ['-o', 'remount,size=64m', disk]);
      await runHere(database, out, { keep: 1 });
      assert.deepEqual(results(out), expected);
      assert.deepEqual(leftovers(out), []);
    } // prettier-ignore
    t.diagnostic(`seed ${SEED}: disk full with ${failed.join(', ')} KiB left`);
    assert.ok(failed.length >= rooms.length - 1);
    execFileSync('mount', ['-o', 'remount,size=64m', disk]);
  });

  test('or is read-only: exit 1, and the last snapshot can still be read', async () => {
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    try {
      const { code, stderr } = await startRun(database, out).finished;
      assert.equal(code, 1);
      assertSentence(stderr, /output cannot be written to \(the file system is read-only\)/);
      assertReadable(out);
    } finally {
      execFileSync('mount', ['-o', 'remount,rw', disk]);
    }
  });

  /** Makes the disk read-only as soon as a run holds the output, and no file is open for writing; or the run ends first. */
  async function makeReadOnly(child: ChildProcess): Promise<void> {
    await untilOrEnd(child, () => existsSync(join(out, '.lock')));
    while (!hasEnded(child)) {
      try {
        execFileSync('mount', ['-o', 'remount,ro', disk], { stdio: 'pipe' });
        return;
      } catch {
        await sleep(5);
      }
    }
  }

  test('or turns read-only while a run writes to it', async () => {
    // A run that is over before it finds out is started again.
    let hasFailed = false;
    for (let turn = 0; turn < 10 && !hasFailed; turn++) {
      touchAll();
      const { child, finished } = startRun(database, out);
      await makeReadOnly(child);
      const { code, stderr } = await finished;
      execFileSync('mount', ['-o', 'remount,rw', disk]);
      hasFailed = code !== 0;
      if (hasFailed) assertSentence(stderr, /output is on a read-only file system: nothing was published/);
    }
    assert.ok(hasFailed);
    assertReadable(out);
    await runHere(database, out);
    assert.deepEqual(results(out), expected);
    assert.deepEqual(leftovers(out), []);
  });
});

/** A run may write to a folder while it is removed. */
function removeAsFarAsItGoes(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOTEMPTY');
  }
}

describe('an output folder', () => {
  test('that vanishes while a run writes to it: exit 1, one sentence, and the next run starts anew', async () => {
    const out = join(scratch, 'vanishing');
    const { child, finished } = startRun(database, out);
    await untilOrEnd(child, () => existsSync(join(buildingOf(out), 'ranges')));
    while (existsSync(out) && !hasEnded(child)) removeAsFarAsItGoes(out);
    const { code, stderr } = await finished;
    assert.equal(code, 1);
    assertSentence(stderr, /vanishing was removed,? or /);
    await runHere(database, out);
    assert.deepEqual(results(out), expected);
    assert.deepEqual(leftovers(out), []);
  }); // prettier-ignore

  test('that is a file, or below one', async () => {
    const file = join(scratch, 'file');
    writeFileSync(file, '');
    for (const out of [file, join(file, 'below')]) {
      const { code, stderr } = await startRun(database, out).finished;
      assert.equal(code, 1);
      assertSentence(stderr, /file is a file, not a folder/);
    }
  });
});
