import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refused } from '../../pipeline/base/fault.js';
import { gateLimits } from '../../pipeline/snapshot/gate/limits.js';
import type { RunRecord } from '../../pipeline/snapshot/run-record.js';
import { howMany, itemsOf, RUNS_ALL, SEED, turnsOf } from '../helpers/extent.js';
import { readJson, readJsonLines } from '../helpers/output.js';
import { filesBelow } from '../sample/tree.js';
import {
  assertReadable,
  buildingOf,
  copyOutput,
  deadBuilding,
  leftovers,
  random,
  readManifest,
  results,
  runHere,
  threeRanges,
  scratchFolder,
  snapshots,
  startRun,
  type Finished,
} from './helpers.js';

const ALL_KILLS = 50;
const KILLS = turnsOf(ALL_KILLS, 2);
const MOST_IN_A_ROW = RUNS_ALL ? 7 : 3;
/** The step that begins the swap: the link that gets the name of `current`. */
const SWAP = 'symlinkSync snapshots/';
/** After the swap a run changes so many names at least, and never more than so many. */
const LEAST_STEPS = 5;
const MOST_STEPS = 40;
const CARRIED = 'carried';
const RESUMED = 'resumed';

const scratch = scratchFolder();
const database = threeRanges(join(scratch, 'db'));
const undisturbed = join(scratch, 'undisturbed');
let expected: Record<string, string> = {};
let duration = 0;

before(async () => {
  // In the whole loop the second of two: the first one also pays for cold caches.
  if (RUNS_ALL) await startRun(database, join(scratch, 'warm')).finished;
  const { code, stderr, seconds } = await startRun(database, undisturbed).finished;
  assert.equal(code, 0, stderr);
  expected = results(undisturbed);
  duration = seconds;
});

/** Changes the time of one client's file, so that its range is read again, with the same result. */
function touchClient(index: number): void {
  const clients = readdirSync(join(database, 'data')).sort();
  const client = join(database, 'data', clients[index % clients.length]!);
  const file = readdirSync(client, { withFileTypes: true }).find((entry) => entry.isFile());
  utimesSync(file === undefined ? client : join(client, file.name), new Date(), new Date());
}

const tally: Record<string, number> = {};
function count(what: string, by = 1): void {
  tally[what] = (tally[what] ?? 0) + by;
}

/** Where a killed run was, by what lies in the output folder. */
function phase(out: string): string {
  if (!existsSync(out) || !existsSync(join(out, '.lock'))) return 'outside of the lock';
  const ranges = join(buildingOf(out), 'ranges');
  const receipts = existsSync(ranges) ? readdirSync(ranges).filter((name) => name.endsWith('.json')) : [];
  return `with ${receipts.length} of 3 ranges finished`;
}

async function attempt(out: string, kind: NodeJS.Signals, delay: number): Promise<boolean> {
  const { child, finished } = startRun(database, out);
  await Promise.race([sleep(delay * 1000), finished]);
  child.kill(kind);
  const end = await finished;
  const hit = kind === 'SIGKILL' ? end.signal === kind : end.code !== 0;
  if (hit) {
    count(`${kind} of a living run`);
    count(`killed ${phase(out)}`);
    if (kind !== 'SIGKILL') assertStopped(end, kind);
  } else {
    count('came too late');
    assert.equal(end.code, 0, end.stderr);
  }
  if (existsSync(out)) assertReadable(out);
  return hit;
}

/** Of a run that was killed, and the one after it, the record says what happened, and no more. */
function assertOnRecord(out: string, step: string): void {
  const records = readJsonLines<RunRecord>(out, 'runs.jsonl');
  const last = records.at(-1)!;
  assert.deepEqual(readJson(out, 'last-run.json'), last, step);
  const killed = records.at(-2)!;
  // Killed before it took the lock it left no trace; after its record was written, it had done all.
  const statuses = ['died', 'published', ...(killed.run_id === last.current ? ['unchanged'] : [])];
  assert.ok(statuses.includes(killed.status), `${step}: ${killed.status}`);
  assert.equal(last.current, readManifest(out).run_id, step);
  // When the killed one had published, the next run found nothing to do.
  assert.equal(last.status === 'unchanged', killed.snapshot === last.snapshot, step);
}

/** A run that hears the signal says so; before it listens, the signal ends it as it ends every program. */
function assertStopped(end: Finished, kind: NodeJS.Signals): void {
  if (end.signal === kind) return;
  assert.equal(end.code, 1);
  assert.equal(end.stderr.trim(), 'omidb-etl: stopped; nothing was published');
}

async function finish(out: string): Promise<void> {
  await runHere(database, out);
  assert.deepEqual(results(out), expected);
  assertReadable(out);
  assert.deepEqual(leftovers(out), []);
  const ranges = readManifest(out).work.client_ranges;
  count('ranges taken up from a killed run', ranges[RESUMED] ?? 0);
  count('ranges carried from the current snapshot', ranges[CARRIED] ?? 0);
}

describe('a run killed at a random moment', () => {
  test(`${howMany(KILLS, ALL_KILLS, 'kills')}: finished by the next run, with the bytes of an undisturbed one`, async (t) => {
    const next = random(SEED);
    let kills = 0;
    let out = '';
    for (let group = 0; kills < KILLS; group++) {
      // By turns: nothing published before, and a snapshot there in which one range is not as it was.
      if (group % 2 === 0) out = join(scratch, `killed-${group}`);
      else touchClient(group);
      const inARow = 1 + Math.floor(next() * MOST_IN_A_ROW);
      for (let i = 0; i < inARow && kills < KILLS; i++) {
        const kind = next() < 0.8 ? 'SIGKILL' : next() < 0.5 ? 'SIGTERM' : 'SIGINT';
        if (await attempt(out, kind, next() * duration)) kills++;
      }
      await finish(out);
      if (group % 2 === 1) rmSync(out, { recursive: true });
    }
    t.diagnostic(`seed ${SEED}`);
    for (const [what, times] of Object.entries(tally).sort()) t.diagnostic(`${what}: ${times}`);
    assert.ok(kills >= KILLS);
    if (RUNS_ALL) assert.ok((tally['ranges taken up from a killed run'] ?? 0) > 0);
  });

  const where = RUNS_ALL
    ? 'at four before the swap, at it and at each after it'
    : 'at the swap and at another one';
  test(`killed right before it changes a name on the disk: ${where}`, async (t) => {
    const preload = fileURLToPath(new URL('./die-at-step.js', import.meta.url));
    const nodeArgs = ['--import', preload];
    const out = join(scratch, 'steps');
    const log = join(scratch, 'steps.txt');
    const args = ['--keep', '1'];
    copyOutput(undisturbed, out);
    await runHere(database, out);
    touchClient(0);
    const counted = await startRun(database, out, { args, nodeArgs, env: { STEPS: log } }).finished;
    assert.equal(counted.code, 0, counted.stderr);
    const steps = readFileSync(log, 'utf8').split('\n');
    const publication = steps.findIndex((step) => step.startsWith(SWAP));
    const early = Array.from({ length: 4 }, (_, i) => Math.ceil(((i + 1) * publication) / 5));
    const late = Array.from(
      { length: RUNS_ALL ? MOST_STEPS : steps.length - publication - 1 },
      (_, i) => i + 2,
    );
    const deaths = [
      { DIE_FROM: SWAP, DIE_AT: '1' },
      ...early.map((step) => ({ DIE_AT: String(step) })),
      ...late.map((step) => ({ DIE_FROM: SWAP, DIE_AT: String(step) })),
    ];
    let kills = 0;
    for (const [turn, env] of [deaths[0]!, ...itemsOf(deaths.slice(1), 1)].entries()) {
      const where = JSON.stringify(env);
      touchClient(turn);
      const { code, signal, stderr } = await startRun(database, out, { args, nodeArgs, env }).finished;
      assertReadable(out);
      assert.equal(existsSync(join(out, 'current')), true);
      if (signal === null) {
        // How many steps a run has depends a little on what its threads did first: this one has no such step.
        assert.equal(code, 0, `${where}: ${stderr}`);
        break;
      }
      kills++;
      await runHere(database, out, { keep: 1 });
      assertOnRecord(out, where);
      assert.deepEqual(results(out), expected, where);
      assert.deepEqual(leftovers(out), [], where);
      assert.equal(snapshots(out).length, 1, where);
    }
    t.diagnostic(`seed ${SEED}: killed ${kills} times, of ${steps.length} steps`);
    assert.ok(kills >= (RUNS_ALL ? 1 + early.length + LEAST_STEPS : 1));
  });
});

describe('a run that the gate refuses, killed right before it changes a name on the disk', () => {
  const cut = join(scratch, 'cut');
  const out = join(scratch, 'refused');
  const limit = ['--max-drop', 'dicom_files=0'];
  const preload = fileURLToPath(new URL('./die-at-step.js', import.meta.url));
  const log = join(scratch, 'refused-steps.txt');
  let steps: readonly string[] = [];

  const again = (env: Record<string, string>) =>
    startRun(cut, out, { args: limit, nodeArgs: ['--import', preload], env }).finished;
  const refuseHere = (): Promise<unknown> =>
    runHere(cut, out, { gate: gateLimits(limit.slice(1), []) }).catch((error: unknown) => error);
  const words = (sentence: string) => sentence.replace(/\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{6}/g, 'RUN');

  before(async () => {
    cpSync(database, cut, { recursive: true });
    const [client] = filesBelow(join(cut, 'images'))
      .find((path) => path.endsWith('.dcm'))!
      .split('/');
    rmSync(join(cut, 'images', client!), { recursive: true });
    copyOutput(undisturbed, out);
    // The second of two: the first one also makes the folder of what is refused.
    assert.ok((await refuseHere()) instanceof Refused);
    const counted = await again({ STEPS: log, DIE_FROM: 'first-seen.jsonl' });
    assert.equal(counted.code, 4, counted.stderr);
    steps = readFileSync(log, 'utf8').split('\n');
  });

  test('nothing is published, the record says no more, and the next run refuses it in the same words', async (t) => {
    const refusal = async (): Promise<string> => {
      const found = await refuseHere();
      assert.ok(found instanceof Refused, String(found));
      return words(found.message);
    };
    const sentence = await refusal();
    // Counted from what is written after verifying: the gate, the place of the snapshot, and the record lie behind it.
    const chosen = itemsOf([...steps.keys()], 1);
    assert.ok(steps.some((step) => step.includes('manifest.json')));
    let kills = 0;
    for (const step of chosen) {
      const { code, signal } = await again({ DIE_FROM: 'first-seen.jsonl', DIE_AT: String(step + 1) });
      // Of two runs one may have a step or two less: then the last ones are not reached.
      if (signal !== null) kills++;
      else assert.ok(code === 4 && step >= steps.length - 2, steps[step]);
      assert.deepEqual(results(out), expected, steps[step]);
      assert.equal(await refusal(), sentence, steps[step]);
      const records = readJsonLines<RunRecord>(out, 'runs.jsonl');
      assert.ok(['died', 'refused'].includes(records.at(-2)!.status), steps[step]);
      assert.equal(records.at(-1)!.status, 'refused', steps[step]);
      assert.deepEqual(readJson(out, 'last-run.json'), records.at(-1), steps[step]);
      assert.equal(readdirSync(join(out, 'refused')).length, 1, steps[step]);
      assert.deepEqual(leftovers(out), ['refused'], steps[step]);
    }
    t.diagnostic(`seed ${SEED}: killed at ${kills} of ${steps.length} steps`);
    assert.ok(steps.length > LEAST_STEPS);
  });
});

/** States that a death, or the loss of power, leaves on the disk. */
describe('what a dead run left', () => {
  const range = 'optm-0000000';

  /** An output folder with all ranges finished, and nothing published. */
  function unpublished(name: string): string {
    const out = join(scratch, name);
    const snapshot = join(undisturbed, 'current');
    cpSync(snapshot, deadBuilding(out), { recursive: true, dereference: true });
    return out;
  }

  // The clients' files were touched since the undisturbed run: the receipts must be of now.
  before(async () => {
    await runHere(database, undisturbed);
  });

  const STATES: readonly (readonly [string, (at: string) => void, number])[] = [
    ['finished ranges are not read again', () => undefined, 0],
    ['a part cut short by a loss of power is', (at: string) => {
      truncateSync(join(at, 'tables', 'images', `${range}.parquet`), 100);
    }, 1],
    ['a part of the right size with a wrong byte is', (at: string) => {
      const file = join(at, 'tables', 'series', `${range}.parquet`);
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(file, bytes);
    }, 1],
    ['a range with half a receipt is', (at: string) => {
      truncateSync(join(at, 'ranges', `${range}.json`), 50);
    }, 1],
    ['a range whose receipt has a wrong byte is', (at: string) => {
      const file = join(at, 'ranges', `${range}.json`);
      writeFileSync(file, readFileSync(file, 'utf8').replace('"rows":', '"rows":1'));
    }, 1],
    ['a range without its list of mismatches is', (at: string) => {
      rmSync(join(at, 'ranges', `${range}.mismatches.jsonl`));
    }, 1],
    ['temporary files are removed', (at: string) => {
      writeFileSync(join(at, 'tables', 'images', 'x.parquet.tmp'), 'PAR1');
      writeFileSync(join(at, 'tables', 'images', 'optm-0999000.parquet'), 'PAR1');
    }, 0],
  ]; // prettier-ignore
  for (const [what, damage, read] of itemsOf(STATES, 3)) {
    test(what, async () => {
      const out = unpublished(what.replaceAll(' ', '-'));
      damage(deadBuilding(out));
      const { work } = await runHere(database, out);
      const resumed = work.client_ranges[RESUMED];
      assert.equal(resumed, 3 - read);
      assert.deepEqual(results(out), expected);
      assert.deepEqual(leftovers(out), []);
    });
  }

  test('a snapshot that lacked only the swap is published', async () => {
    const out = unpublished('unswapped');
    const { run_id: id } = readManifest(undisturbed);
    renameSync(deadBuilding(out), join(out, 'snapshots', id));
    symlinkSync(join('snapshots', id), join(out, `.current-${id}`));
    const { changed, runId } = await runHere(database, out);
    assert.deepEqual({ changed, runId }, { changed: false, runId: id });
    assert.deepEqual(results(out), expected);
    assert.deepEqual(leftovers(out), []);
  });

  test('a link to a snapshot that never got its name is removed, half-removed snapshots too', async () => {
    const out = unpublished('links');
    const id = '20260101T000000.000Z-0123ab';
    symlinkSync(join('snapshots', id), join(out, `.current-${id}`));
    mkdirSync(join(out, 'snapshots', `.trash-${id}`, 'tables'), { recursive: true });
    const { work } = await runHere(database, out);
    assert.deepEqual(work.client_ranges, { [RESUMED]: 3 });
    assert.deepEqual(leftovers(out), []);
  });
});
