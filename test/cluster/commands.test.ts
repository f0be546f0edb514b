import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { RunRecord } from '../../pipeline/snapshot/run-record.js';
import { copyOutput, leftovers, results, runHere, scratchFolder, threeRanges } from '../crash/helpers.js';
import { CLI, runCli, withoutEvents } from '../helpers/cli.js';
import { parseJsonLines, readJson, readManifest } from '../helpers/output.js';
import { BOUNDED } from '../helpers/processes.js';

/** plan, run-task and merge as they are typed, each that does something in a process of its own. */

const scratch = scratchFolder();
const database = join(scratch, 'db');
const out = join(scratch, 'out');
let expected: Record<string, string>;

before(async () => {
  threeRanges(database);
  const alone = join(scratch, 'alone');
  await runHere(database, alone);
  expected = results(alone);
});

interface Started {
  readonly env?: NodeJS.ProcessEnv;
  /** Module of these tests that is loaded before the program. */
  readonly preload?: string;
}

function cli(args: readonly string[], { env, preload }: Started = {}) {
  const loaded = preload === undefined ? [] : ['--import', fileURLToPath(new URL(preload, import.meta.url))];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...loaded, CLI, ...args], {
    encoding: 'utf8',
    ...BOUNDED,
    env: { ...process.env, ...env },
  });
  return { code: status, signal, stdout, stderr: withoutEvents(stderr), events: eventsOf(stderr) };
}

const eventsOf = (log: string) => [...log.matchAll(/"event":"(\w+)"/g)].map(([, event]) => event!);

describe('the commands', () => {
  test('plan says which plan it is, and which tasks have something to read', () => {
    const args = ['plan', database, '--out', out, '--tasks', '4', '--no-report', '--fail-on', 'error'];
    const { code, stdout, stderr, events } = cli(args);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^plan [0-9a-f]{16}\n3 of 3 client ranges are to be read, \d+ clients\n/);
    assert.match(stdout, /\d of 4 tasks have something to read: 0-\d\n$/);
    assert.deepEqual(events, ['started', 'planned', 'progress', 'divided']);
    // Told again, with other workers, it is the same plan.
    assert.equal(cli([...args, '--workers', '3']).stdout, stdout);
  });

  test('a task that is killed is done by whoever repeats it, told by the variables of schedulers', () => {
    const steps = join(scratch, 'steps');
    const copy = join(scratch, 'counted');
    copyOutput(out, copy);
    const preload = '../crash/die-at-step.js';
    const counted = cli(['run-task', '--out', copy, '--task', '0'], { preload, env: { STEPS: steps } });
    assert.equal(counted.code, 0, counted.stderr);
    const count = readFileSync(steps, 'utf8').split('\n').length;
    const middle = { DIE_AT: String(Math.ceil(count / 2)) };
    const beforeItsName = { DIE_FROM: 'task.json.tmp', DIE_AT: '2' };
    for (const [task, variable, death] of [
      ['0', 'JOB_COMPLETION_INDEX', middle],
      ['1', 'SLURM_ARRAY_TASK_ID', beforeItsName],
    ] as const) {
      const env = { [variable]: task };
      const killed = cli(['run-task', '--out', out], { preload, env: { ...env, ...death } });
      assert.equal(killed.signal, 'SIGKILL', killed.stderr);
      const { code, stdout, stderr, events } = cli(['run-task', '--out', out], { env });
      assert.equal(code, 0, stderr);
      assert.match(
        stdout,
        new RegExp(`^task ${task} of plan [0-9a-f]{16} is done: \\d+ clients were read\\n$`),
      );
      assert.deepEqual(events, ['progress', 'task_done']);
    }
    const again = cli(['run-task', '--out', out, '--task', '1']);
    assert.match(again.stdout, /was done before, nothing was read/);
  });

  test('merge ends with 1 while tasks are missing, may be killed, and ends as run does by the options of plan', () => {
    const early = cli(['merge', '--out', out]);
    assert.equal(early.code, 1);
    assert.match(early.stderr, /tasks of plan [0-9a-f]{16} are not done: 2/);
    assert.equal(readJson<RunRecord>(out, 'last-run.json').status, 'failed');
    for (const task of ['2', '3']) assert.equal(cli(['run-task', '--out', out, '--task', task]).code, 0);
    const env = { DIE_FROM: 'symlinkSync snapshots/', DIE_AT: '2' };
    const killed = cli(['merge', '--out', out], { preload: '../crash/die-at-step.js', env });
    assert.equal(killed.signal, 'SIGKILL', killed.stderr);
    assert.equal(existsSync(join(out, 'current')), false);
    const { code, stdout, stderr } = cli(['merge', '--out', out, '--summary-json', '--workers', '2']);
    // The sample has errors, and plan was told --fail-on error.
    assert.equal(code, 3, stderr);
    const record = JSON.parse(stdout) as RunRecord;
    assert.deepEqual([record.status, record.exit_code], ['published', 3]);
    assert.deepEqual(results(out), expected);
    assert.deepEqual(leftovers(out), []);
    const { options } = readManifest(join(out, 'current'));
    assert.deepEqual([options['fail_on'], options['workers']], ['error', 2]);
    assert.equal(existsSync(join(out, 'current', 'report.html')), false);
  });

  before(() => {
    // By these a scheduler says which task it is.
    for (const name of ['SLURM_ARRAY_TASK_ID', 'JOB_COMPLETION_INDEX'])
      Reflect.deleteProperty(process.env, name);
  });

  for (const [args, says] of [
    [['plan', database], /tasks/],
    [['plan', database, '--tasks', '0'], /--tasks is "0"/],
    [['plan', '--tasks', '2'], /say which database to read/],
    [['plan', database, '--tasks', '2', '--dry-run'], /dry-run/],
    [['run-task', '--out', out], /say which task/],
    [['run-task', '--out', out, '--task', '1', '--plan', 'x'], /--plan is "x"/],
    [['merge', '--out', out, '--full'], /full/],
  ] as const)
    test(`${args.filter((arg) => arg !== database && arg !== out).join(' ')} is wrong usage`, () => {
      const { code, stderr } = runCli(args);
      assert.equal(code, 2, stderr);
      assert.match(stderr, says);
    });
});

test('what changed though nothing showed it is found as by one run (--verify-content)', () => {
  const [alone, shared] = [join(scratch, 'frozen'), join(scratch, 'frozen-shared')];
  const preload = '../attacks/freeze-times.js';
  assert.equal(cli(['run', database, '--out', alone, '--no-report'], { preload }).code, 0);
  copyOutput(alone, shared);
  const folder = join(database, 'data', 'optm1');
  const file = join(
    folder,
    readdirSync(folder).find((name) => name.startsWith('nbss_'))!,
  );
  const text = readFileSync(file, 'utf8');
  // Another digit of a date: of the same size.
  writeFileSync(
    file,
    text.replace(/(19|20)(\d\d)-/, (date) => (date === '1951-' ? '1952-' : '1951-')),
  );
  const more = ['--verify-content', '100%', '--no-report', '--max-drop', 'none'];
  assert.equal(cli(['run', database, '--out', alone, ...more], { preload }).code, 0);
  const plan = cli(['plan', database, '--out', shared, '--tasks', '1', ...more], { preload });
  assert.equal(plan.code, 0, plan.stderr);
  assert.equal(cli(['run-task', '--out', shared, '--task', '0'], { preload }).code, 0);
  const merged = cli(['merge', '--out', shared], { preload });
  assert.equal(merged.code, 0, merged.stderr);
  assert.deepEqual(results(shared), results(alone));
  const rows = parseJsonLines<{ kind: string }>(
    readFileSync(join(shared, 'current', 'mismatches.jsonl'), 'utf8'),
  );
  assert.equal(rows.filter(({ kind }) => kind === 'content_changed_unseen').length, 1);
});
