import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { acquireLock } from '../../pipeline/snapshot/lock.js';
import { processSpace, processStart } from '../../pipeline/storage/process-start.js';
import { howMany, itemsOf, SEED, turnsOf } from '../helpers/extent.js';
import {
  assertReadable,
  buildingOf,
  leftovers,
  readManifest,
  results,
  runHere,
  sampleDatabase,
  scratchFolder,
  startRun,
  threeRanges,
} from './helpers.js';

const RESUMED = 'resumed';

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

/** One clear sentence on stderr: what, where, and what to do; no stack. */
function assertSentence(stderr: string, pattern: RegExp): void {
  const lines = stderr.trim().split('\n');
  assert.equal(lines.length, 1, stderr);
  assert.match(lines[0]!, pattern);
  assert.doesNotMatch(stderr, /an error of the program/);
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
    while (!existsSync(join(out, '.lock')) && child.exitCode === null) await sleep(5);
    while (child.exitCode === null) {
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
    while (!existsSync(join(buildingOf(out), 'ranges')) && child.exitCode === null) await sleep(2);
    while (existsSync(out) && child.exitCode === null) removeAsFarAsItGoes(out);
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

describe('one run at a time', () => {
  const out = join(scratch, 'locked');
  const lock = join(out, '.lock');
  mkdirSync(out);

  interface LockFile {
    pid: number;
    host: string;
    since: string;
    processStart: string | null;
    space: string | null;
    building: string;
  }

  /** Watches a holder that it cannot ask for half a second. */
  const acquire = () =>
    acquireLock(out, {
      now: new Date(),
      building: '.building-0123456789ab',
      signal: new AbortController().signal,
      onWait: () => undefined,
      pace: { beatMs: 50, silentMs: 500 },
    });

  function leave(holder: Partial<LockFile>, age = 0): void {
    const since = '2026-03-01T02:00:00.000Z';
    const space = processSpace();
    const host = hostname();
    const content: LockFile = {
      pid: process.pid,
      host,
      since,
      processStart: null,
      space,
      building: 'b',
      ...holder,
    };
    writeFileSync(lock, JSON.stringify(content));
    const time = new Date(Date.now() - age * 1000);
    utimesSync(lock, time, time);
  }

  /** A process that lives until the end of the test. */
  function sleeper(t: { after: (action: () => void) => void }): number {
    const child = spawn('sleep', ['300']);
    t.after(() => child.kill());
    return child.pid!;
  }

  test('a second run says who holds it and since when, and exits 1', async () => {
    const first = startRun(database, out);
    while (!existsSync(lock) && first.child.exitCode === null) await sleep(2);
    const { since } = JSON.parse(readFileSync(lock, 'utf8')) as LockFile;
    // Held for as long as the second one takes.
    first.child.kill('SIGSTOP');
    const second = await startRun(database, out).finished;
    first.child.kill('SIGCONT');
    assert.equal(second.code, 1);
    const holder = `process ${first.child.pid!} on ${hostname()}, since ${since}`;
    assertSentence(second.stderr, new RegExp(`another run writes to .*locked \\(${holder}\\)`));
    assert.equal((await first.finished).code, 0);
    assert.deepEqual(results(out), expected);
    assert.deepEqual(leftovers(out), []);
  });

  test('the lock of a dead process is taken over', async () => {
    const child = spawn('true');
    await once(child, 'close');
    leave({ pid: child.pid! });
    (await acquire()).release();
    assert.deepEqual(leftovers(out), []);
  });

  test('that of a living process is not', async (t) => {
    const pid = sleeper(t);
    leave({ pid, processStart: processStart(pid) });
    await assert.rejects(acquire(), new RegExp(`process ${pid} on .*since 2026-03-01T02`));
    assert.equal((JSON.parse(readFileSync(lock, 'utf8')) as LockFile).pid, pid);
  });

  test(
    'a process that got the number of a dead one does not hold it',
    { skip: existsSync('/proc/self/stat') ? false : 'needs /proc' },
    async (t) => {
      leave({ pid: sleeper(t), processStart: 'another boot 1' });
      (await acquire()).release();
      assert.deepEqual(leftovers(out), []);
    },
  );

  test('nor does a zombie', { skip: existsSync('/proc/self/stat') ? false : 'needs /proc' }, async (t) => {
    // A shell that starts a process, becomes another program, and so never hears of its end.
    const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 300']);
    t.after(() => parent.kill());
    const [text] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(text.toString());
    const start = processStart(pid);
    while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) await sleep(20);
    leave({ pid, processStart: start });
    (await acquire()).release();
    assert.deepEqual(leftovers(out), []);
  });

  test('one of another machine, or of another container of this name, holds for as long as it is touched', async () => {
    for (const holder of [
      { host: 'elsewhere', pid: 1 },
      { space: 'another', pid: 2 ** 22 + 1 },
    ]) {
      leave(holder, 600);
      // Whatever its clock says: only that the time of its file changes counts.
      let times = 0;
      const beats = setInterval(() => {
        times++;
        utimesSync(lock, times, times);
      }, 50);
      await assert.rejects(acquire(), new RegExp(`process ${holder.pid} on .*, since`));
      clearInterval(beats);
      leave(holder, -600);
      (await acquire()).release();
      assert.deepEqual(leftovers(out), []);
    }
  });

  for (const content of ['', '{"pid": 12', 'null', '\0\0\0\0']) {
    test(`a lock file that the power cut left with ${JSON.stringify(content)} holds nothing`, async () => {
      writeFileSync(lock, content);
      (await acquire()).release();
      assert.deepEqual(leftovers(out), []);
    });
  }

  test('one that died while it took over a dead lock does not hold it either', async () => {
    leave({ pid: 2 ** 22 + 1 });
    // Its claim is under the name made of what the dead lock says.
    const claim = await readdirClaims(async () => {
      (await acquire()).release();
    });
    leave({ pid: 2 ** 22 + 1 });
    writeFileSync(
      join(out, claim),
      JSON.stringify({ pid: 2 ** 22 + 2, host: hostname(), since: 'then', space: processSpace() }),
    );
    const held = await acquire();
    assert.equal(held.isHeld(), true);
    held.release();
    assert.deepEqual(leftovers(out), []);
  });

  /** The name of the claim that taking over makes for a moment. */
  async function readdirClaims(takeOver: () => Promise<void>): Promise<string> {
    const before = createHash('sha256').update(readFileSync(lock)).digest('hex').slice(0, 16);
    await takeOver();
    return `.lock.after-${before}`;
  }

  const contests = howMany(turnsOf(5, 2), 5, 'times');
  test(`of six that find a dead lock at once exactly one gets it, ${contests}`, async () => {
    const script = join(scratch, 'contend.mjs');
    const module = new URL('../../pipeline/snapshot/lock.js', import.meta.url).href;
    writeFileSync(
      script,
      `import { acquireLock } from ${JSON.stringify(module)};
       process.stdout.write('ready ');
       process.stdin.once('data', async () => {
         try { await acquireLock(${JSON.stringify(out)}, { now: new Date(), building: 'b', signal: new AbortController().signal, onWait: () => 0 }); process.stdout.write('held'); }
         catch (error) { process.stdout.write(/another run/.test(error.message) ? 'refused' : String(error)); }
         process.stdin.once('data', () => process.exit());
       });`,
    );
    for (let round = 0; round < turnsOf(5, 2); round++) {
      leave({ pid: 2 ** 22 + 1 });
      const answers = await contend(script, 6);
      assert.deepEqual(answers.filter((answer) => answer === 'held').length, 1, answers.join(', '));
      assert.deepEqual(answers.filter((answer) => answer === 'refused').length, 5, answers.join(', '));
    }
    rmSync(lock);
    assert.deepEqual(leftovers(out), []);
  });

  async function contend(script: string, count: number): Promise<string[]> {
    const children = Array.from({ length: count }, () => spawn(process.execPath, [script]));
    const closed = children.map((child) => once(child, 'close'));
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    const answers = children.map((child) => once(child.stdout, 'data'));
    for (const child of children) child.stdin.write('go\n');
    const texts = await Promise.all(answers);
    for (const child of children) child.stdin.end('done\n');
    await Promise.all(closed);
    return texts.map(([text]) => (text as Buffer).toString());
  }

  test('a holder whose lock was taken away does not remove that of the next, and knows', async () => {
    const first = await acquire();
    rmSync(lock);
    const second = await acquire();
    assert.equal(first.isHeld(), false);
    first.release();
    assert.equal(second.isHeld(), true);
    second.release();
    assert.deepEqual(leftovers(out), []);
  });
});

describe('SIGINT and SIGTERM', () => {
  const large = join(scratch, 'large');
  const out = join(scratch, 'stopped');

  before(() => {
    // All of the third range and later ones: several ranges finish before the large first one.
    sampleDatabase(large, turnsOf(150, 90));
  });

  /** When it is at work and the first ranges are finished, and some time later. */
  for (const [kind, wait] of [
    ['SIGINT', 0],
    ['SIGTERM', turnsOf(500, 200)],
  ] as const) {
    test(`${kind} stops a run within two seconds, and the next one takes up what was finished`, async (t) => {
      const { child, finished } = startRun(large, out);
      const receipts = () => {
        const ranges = join(buildingOf(out), 'ranges');
        return existsSync(ranges) ? readdirSync(ranges).filter((name) => name.endsWith('.json')).length : 0;
      };
      const isAtWork = () => existsSync(join(out, '.lock')) && receipts() > 0;
      while (!isAtWork() && child.exitCode === null) await sleep(5);
      await sleep(wait);
      const start = performance.now();
      child.kill(kind);
      const { code, stderr } = await finished;
      const seconds = (performance.now() - start) / 1000;
      t.diagnostic(`stopped after ${seconds.toFixed(2)} s with ${receipts()} ranges finished`);
      assert.equal(code, 1);
      assertSentence(stderr, /stopped; nothing was published/);
      // Two seconds are promised; a machine on which other tests run is given more, and a run is far longer.
      assert.ok(seconds < 30, `${seconds} s`);
      assert.deepEqual(readdirSync(out).sort(), ['last-run.json', 'runs.jsonl', 'snapshots']);
      assert.ok(receipts() > 0);
    });
  }

  test('the run after them says that finished ranges were not read again', async () => {
    const { stdout, code } = await startRun(large, out).finished;
    assert.equal(code, 0);
    assert.match(stdout, /[1-9]\d* client ranges? not read: an interrupted run had finished it/);
    assert.ok(readManifest(out).work.client_ranges[RESUMED]! > 0);
    assert.deepEqual(leftovers(out), []);
    const fresh = join(scratch, 'large-fresh');
    await runHere(large, fresh);
    assert.deepEqual(results(out), results(fresh));
  });
});
