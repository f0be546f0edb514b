import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { temporaryFolder } from '../helpers/cli.js';
import { execute, ONE_NODE, ROOT, SCRIPT, type Ended } from './slurm-script.js';

/** scripts/cluster/slurm.sh: what it refuses, and what it submits. */

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

/** An sbatch that keeps what it is given, job by job, and a node that says what it is given. */
const SBATCH = `#!/bin/sh
id=$(($(cat "$JOBS/last") + 1))
[ "$id" != "$FAILS_AT" ] || { echo 'no such partition' >&2; exit 1; }
echo "$id" >"$JOBS/last"
printf '%s\\n' "$@" >"$JOBS/$id.options"
cat >"$JOBS/$id.job"
echo "$id;cluster"
`;
const SCANCEL = '#!/bin/sh\necho "$@" >"$JOBS/cancelled"\n';
const NODE = `#!/bin/sh\nprintf '%s\\n' "$@"\n`;

describe('what slurm.sh submits', () => {
  const folder = temporaryFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, text] of Object.entries({ sbatch: SBATCH, scancel: SCANCEL, node: NODE })) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  const PATH = `${bin}:${process.env['PATH']!}`;
  const program = join(folder, 'the program.js');
  writeFileSync(program, '');
  const out = join(folder, 'tables of 100%');

  /** @param failsAt the job that cannot be submitted */
  function submit(args: readonly string[], failsAt = 0): Ended & { readonly jobs: string } {
    const jobs = mkdtempSync(join(folder, 'jobs-'));
    writeFileSync(join(jobs, 'last'), '10');
    const env = { PATH, JOBS: jobs, FAILS_AT: String(failsAt) };
    return { jobs, ...execute(SCRIPT, ['--out', out, '--program', program, ...args], env) };
  }

  /** An option of a job; undefined when it has none. */
  function option(jobs: string, job: number, name: string): string | undefined {
    const given = readFileSync(join(jobs, `${job}.options`), 'utf8').split('\n');
    return given.includes(name) ? given[given.indexOf(name) + 1] : undefined;
  }

  /** What a job has node run, word by word. */
  const wordsOf = (jobs: string, job: number) =>
    execute('bash', [join(jobs, `${job}.job`)], { PATH })
      .stdout.trimEnd()
      .split('\n');

  test('a plan, its tasks, a merge of all of them, and one that names those that failed', () => {
    const database = "omi-db of Ann's";
    const more = ['--at-once', '2', '--cpus', '3', '--mail', 'ann@example.org', '--time', '2:00:00'];
    const { status, stderr, jobs } = submit(['--tasks', '5', ...more, '--', database, '--report']);
    assert.equal(status, 0, stderr);
    const [plan, tasks, merge, missing] = [11, 12, 13, 14] as const;
    assert.ok(!existsSync(join(jobs, '15.job')));
    assert.deepEqual(
      [plan, tasks, merge, missing].map((job) => [option(jobs, job, '--job-name'), option(jobs, job, '--dependency')]),
      [
        ['omidb-plan', undefined],
        ['omidb-task', 'afterok:11'],
        ['omidb-merge', 'afterok:12'],
        ['omidb-missing', 'afterok:11,afternotok:12'],
      ],
    ); // prettier-ignore
    assert.deepEqual([plan, tasks].map((job) => option(jobs, job, '--array')), [undefined, '0-4%2']); // prettier-ignore
    const mail = [plan, tasks, merge, missing].map((job) => option(jobs, job, '--mail-type'));
    assert.deepEqual(mail, ['FAIL', undefined, 'FAIL,END', 'FAIL']);
    for (const job of [plan, tasks, merge, missing]) {
      assert.equal(option(jobs, job, '--time'), '2:00:00');
      // 500 MB, and 150 MB for each of its cores.
      assert.deepEqual([option(jobs, job, '--cpus-per-task'), option(jobs, job, '--mem')], ['3', '950M']);
      // In a name % begins a field of the job.
      assert.ok(option(jobs, job, '--output')!.startsWith(`${folder}/tables of 100%%-logs/`));
    }
    const workers = ['--workers', '3'];
    assert.deepEqual(wordsOf(jobs, plan), [program, 'plan', '--out', out, '--tasks', '5', ...workers, database, '--report']); // prettier-ignore
    assert.deepEqual(wordsOf(jobs, tasks), [program, 'run-task', '--out', out, ...workers]);
    for (const job of [merge, missing])
      assert.deepEqual(wordsOf(jobs, job), [program, 'merge', '--out', out, ...workers]);
  });

  test('with --repeat the tasks that it names, and a merge, of the plan that is there', () => {
    mkdirSync(join(out, 'tasks'), { recursive: true });
    writeFileSync(join(out, 'tasks', 'plan.jsonl'), '');
    const { status, stderr, jobs } = submit(['--repeat', '1,3-4']);
    assert.equal(status, 0, stderr);
    assert.deepEqual(
      [11, 12, 13].map((job) => [option(jobs, job, '--job-name'), option(jobs, job, '--dependency')]),
      [['omidb-task', undefined], ['omidb-merge', 'afterok:11'], ['omidb-missing', 'afternotok:11']],
    ); // prettier-ignore
    assert.equal(option(jobs, 11, '--array'), '1,3-4');
  });

  test('is cancelled where a job of the chain cannot be submitted', () => {
    const { status, stderr, jobs } = submit(['--tasks', '2', '--', 'db'], 13);
    assert.equal(status, 1);
    assert.match(stderr, /no such partition\nslurm\.sh: not every job could be submitted/);
    assert.equal(readFileSync(join(jobs, 'cancelled'), 'utf8'), '11 12\n');
  });
});
