import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeSample } from '../../scripts/sample/database.js';
import { FAULT_KINDS } from '../../scripts/sample/faults.js';
import { runCli, temporaryFolder } from '../helpers/cli.js';
import { WHOLE_ONLY } from '../helpers/extent.js';
import { publishedHashes } from '../helpers/output.js';
import { execute, ONE_NODE, SCRIPT } from './slurm-script.js';

/** scripts/cluster/slurm.sh, the whole way on a Slurm of one node. */

const PROGRAMS = ['sbatch', 'slurmctld', 'slurmd', 'munged'];

/** Why Slurm is not tried; false where it can be. */
function whyNoSlurm(): string | false {
  if (WHOLE_ONLY !== false) return WHOLE_ONLY;
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
    // Those of one range, in eight pieces of 10: each task reads one or two of them.
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
