import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FAULT_KINDS } from '../../scripts/sample/faults.js';
import { makeSample } from '../../scripts/sample/database.js';
import { runCli, temporaryFolder } from '../helpers/cli.js';
import { publishedHashes } from '../helpers/output.js';

/** scripts/cluster/slurm.sh: what it refuses, and the whole way on a Slurm of one node. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SCRIPT = join(ROOT, 'scripts/cluster/slurm.sh');
const ONE_NODE = join(ROOT, 'test/cluster/one-node-slurm.sh');

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function execute(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Ended {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

describe('slurm.sh', () => {
  const out = join(temporaryFolder(), 'out');
  for (const [args, says] of [
    [[], /say where to publish: --out OUT/],
    [['--out'], /--out needs a value/],
    [['--out', out, '--', 'db'], /say how many tasks/],
    [['--out', out, '--tasks', '0', '--', 'db'], /--tasks is '0': give a whole number from 1 to 10000/],
    [['--out', out, '--tasks', '10001', '--', 'db'], /--tasks is '10001'/],
    [['--out', out, '--tasks', '2; rm', '--', 'db'], /--tasks is '2; rm'/],
    [['--out', out, '--tasks', '2'], /say which database to read, after --/],
    [['--out', out, '--tasks', '2', 'db'], /'db' is no option of this script/],
    [['--out', out, '--tasks', '2', '--cpus', 'all', '--', 'db'], /--cpus is 'all'/],
    [
      ['--out', out, '--tasks', '2', '--mem', '2', '--', 'db'],
      /--mem is '2': give a size such as 800M or 2G/,
    ],
    [['--out', out, '--tasks', '2', '--time', 'soon', '--', 'db'], /--time is 'soon'/],
    [
      ['--out', out, '--tasks', '2', '--mail', 'me,you@x', '--', 'db'],
      /--mail is 'me,you@x': give one address/,
    ],
    [['--out', out, '--tasks', '2', '--repeat', '1'], /give --tasks for a new plan, or --repeat/],
    [['--out', out, '--repeat', '1-'], /--repeat is '1-': give numbers of tasks such as 3,7-9/],
    [['--out', out, '--repeat', '1'], /has no plan: give --tasks and what to read/],
    [
      ['--out', out, '--tasks', '2', '--program', `${out}/no.js`, '--', 'db'],
      /there is no .*no\.js: build it/,
    ],
  ] as const)
    test(`refuses ${args.slice(2).join(' ') || args.join(' ')}, in a sentence, and submits nothing`, () => {
      const { status, stdout, stderr } = execute(SCRIPT, args);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, says);
      assert.ok(!existsSync(out));
    });

  test('--help names every option', () => {
    const { status, stdout } = execute(SCRIPT, ['--help']);
    assert.equal(status, 0);
    const known = [...readFileSync(SCRIPT, 'utf8').matchAll(/^ {4}(--[a-z-]+)\) /gm)].map(
      ([, name]) => name!,
    );
    assert.ok(known.length >= 9);
    for (const name of known) assert.ok(stdout.includes(`\n  ${name} `), name);
  });
});

test('no job file has what shellcheck finds fault with', (t) => {
  const { error, status, stdout } = spawnSync('shellcheck', [SCRIPT, ONE_NODE], { encoding: 'utf8' });
  if (error !== undefined) t.skip('shellcheck is not installed');
  else assert.equal(status, 0, stdout);
});

test('docs/cluster.md calls it with options that it has', () => {
  const page = readFileSync(join(ROOT, 'docs/cluster.md'), 'utf8');
  const { stdout } = execute(SCRIPT, ['--help']);
  const known = new Set(stdout.match(/--[a-z]+(-[a-z]+)*/g));
  const calls = [...page.matchAll(/^.*scripts\/cluster\/slurm\.sh (--.*)$/gm)].map(
    ([, call]) => call!.split(' -- ')[0]!,
  );
  assert.ok(calls.length >= 3);
  for (const option of calls.flatMap((call) => call.match(/--[a-z-]+/g) ?? []))
    assert.ok(known.has(option), option);
});

const PROGRAMS = ['sbatch', 'slurmctld', 'slurmd', 'munged'];

/** Why Slurm is not tried; false where it can be. */
function whyNoSlurm(): string | false {
  const missing = PROGRAMS.filter((name) => spawnSync(name, ['--version']).error !== undefined);
  if (missing.length > 0) return `Slurm is not installed: there is no ${missing.join(', ')}`;
  return process.getuid?.() === 0 ? false : 'only root can start the daemons of Slurm';
}

/** @throws when it is not so within two minutes */
async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (isSo()) return;
    await sleep(200);
  }
  throw new Error(`after two minutes: not yet ${what}`);
}

describe('a run that a Slurm of one node shares out', { skip: whyNoSlurm() }, () => {
  // Before the folder goes, by which the daemons are known.
  after(() => {
    stop();
    process.off('exit', stop);
  });
  const folder = temporaryFolder();
  const slurm = join(folder, 'slurm');
  const database = join(folder, "omi-db of Ann's");
  const out = join(folder, 'tables of 100%');
  const hung = join(folder, 'hung');
  const list = join(folder, 'clients.txt');
  const env = {
    SLURM_CONF: join(slurm, 'slurm.conf'),
    NODE_OPTIONS: `--import ${new URL('./hang-once.js', import.meta.url).href}`,
    HANG_TASK: '3',
    HANG_FILE: hung,
  };
  const stop = () => execute(ONE_NODE, ['stop', slurm], env);

  before(() => {
    makeSample({ out: database, clients: 95, seed: 19, faults: FAULT_KINDS, pixels: 'sparse' });
    // Those of one range, in ten pieces of 8: each task reads two of them.
    const ofOneRange = readdirSync(join(database, 'data')).filter((name) => /^optm\d{1,3}$/.test(name));
    assert.ok(ofOneRange.length >= 80);
    writeFileSync(list, ofOneRange.slice(0, 80).join('\n'));
    process.on('exit', stop);
    const { status, stderr } = execute(ONE_NODE, ['start', slurm], env);
    assert.equal(status, 0, stderr);
  });

  /** Submits jobs. @returns their ids by what they do */
  function submit(...args: string[]): Record<string, string> {
    const resources = ['--cpus', '1', '--mem', '500M', '--mail', 'ann@example.org'];
    const { status, stdout, stderr } = execute(SCRIPT, ['--out', out, ...resources, ...args], env);
    assert.equal(status, 0, stderr);
    return Object.fromEntries(
      [...stdout.matchAll(/^(\w+) +job (\d+)/gm)].map(([, what, id]) => [what!, id!]),
    );
  }
  const jobsEnd = () => until('without jobs', () => execute('squeue', ['--noheader'], env).stdout === '');
  const stateOf = (job: string): string =>
    /JobState=(\w+)/.exec(execute('scontrol', ['show', 'job', job], env).stdout)?.[1] ?? 'unknown';
  const log = (name: string): string => readFileSync(join(`${out}-logs`, name), 'utf8');

  test('a task is killed: nothing is merged, the log names it; it is repeated: the bytes of one run', async () => {
    const jobs = submit('--tasks', '5', '--', database, '--clients-file', list);
    await until('in the middle of task 3', () => existsSync(hung));
    process.kill(Number(readFileSync(hung, 'utf8')), 'SIGKILL');
    await jobsEnd();
    assert.equal(stateOf(jobs['merge']!), 'CANCELLED');
    assert.ok(!existsSync(join(out, 'current')));
    assert.match(log(`missing-${jobs['missing']}.log`), /1 of 5 tasks of plan \w+ are not done: 3:/);

    const again = submit('--repeat', '3');
    await jobsEnd();
    assert.equal(stateOf(again['merge']!), 'COMPLETED', log(`merge-${again['merge']}.log`));
    const once = join(folder, 'once');
    const run = runCli(['run', database, '--clients-file', list, '--out', once, '--no-progress']);
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(publishedHashes(join(out, 'current')), publishedHashes(join(once, 'current')));
  });

  test('each job has a log, and mail says what failed and that it was published', () => {
    const logs = readdirSync(`${out}-logs`)
      .map((name) => name.replace(/-\d+/, ''))
      .sort();
    assert.deepEqual(logs, ['merge.log', 'missing.log', 'plan.log', 'task-0.log', 'task-1.log', 'task-2.log', 'task-3.log', 'task-3.log', 'task-4.log']); // prettier-ignore
    const mail = readFileSync(join(slurm, 'mail'), 'utf8').trim().split('\n');
    assert.ok(mail.every((line) => line.endsWith('ann@example.org')));
    const subjects = mail.map((line) => /Name=omidb-(\w+) (Failed|Ended)/.exec(line)?.slice(1).join(' '));
    assert.deepEqual(subjects.sort(), ['merge Ended', 'merge Ended', 'missing Failed']);
  });
});
