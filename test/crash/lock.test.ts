import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { acquireLock } from '../../pipeline/snapshot/lock.js';
import { processSpace, processStart } from '../../pipeline/storage/process-start.js';
import { howMany, turnsOf } from '../helpers/extent.js';
import { BOUNDED, untilOrEnd } from '../helpers/processes.js';
import { assertSentence, leftovers, results, runHere, sampleDatabase, scratchFolder, startRun } from './helpers.js'; // prettier-ignore

const scratch = scratchFolder();
const database = sampleDatabase(join(scratch, 'db'), 2);
const undisturbed = join(scratch, 'undisturbed');

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
    await untilOrEnd(first.child, () => existsSync(lock));
    const { since } = JSON.parse(readFileSync(lock, 'utf8')) as LockFile;
    // Held for as long as the second one takes.
    first.child.kill('SIGSTOP');
    const second = await startRun(database, out).finished;
    first.child.kill('SIGCONT');
    assert.equal(second.code, 1);
    const holder = `process ${first.child.pid!} on ${hostname()}, since ${since}`;
    assertSentence(second.stderr, new RegExp(`another run writes to .*locked \\(${holder}\\)`));
    assert.equal((await first.finished).code, 0);
    await runHere(database, undisturbed);
    assert.deepEqual(results(out), results(undisturbed));
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
    const children = Array.from({ length: count }, () => spawn(process.execPath, [script], BOUNDED));
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
