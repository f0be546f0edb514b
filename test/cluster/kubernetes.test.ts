import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { FAULT_KINDS } from '../../scripts/sample/faults.js';
import { makeSample } from '../../scripts/sample/database.js';
import { CLI, runCli, temporaryFolder } from '../helpers/cli.js';
import { turnsOf } from '../helpers/extent.js';
import { publishedHashes } from '../helpers/output.js';
import { BOUNDED } from '../helpers/processes.js';

/** The job files for Kubernetes: by the schema of its API, and what their pods would do, each in a process and a folder of its own. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

interface Job {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly completions?: number;
    readonly template: {
      readonly spec: {
        readonly containers: readonly [
          {
            readonly command: readonly string[];
            readonly image: string;
            readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
          },
        ];
        readonly volumes: readonly { readonly name: string }[];
      };
    };
  };
}

const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const NAMES = ['plan', 'tasks', 'merge'] as const;
const JOBS = Object.fromEntries(
  NAMES.map((name) => [name, parse(read(`scripts/cluster/kubernetes-${name}.yaml`)) as Job]),
) as Record<(typeof NAMES)[number], Job>;
const isJob = new Ajv2020({ allErrors: true, strict: false }).compile(
  JSON.parse(read('test/cluster/kubernetes-job.schema.json')) as object,
);
const containerOf = (job: Job) => job.spec.template.spec.containers[0];

describe('the job files for Kubernetes', () => {
  for (const name of NAMES)
    test(`${name} is a Job by the schema of the API`, () => {
      assert.ok(isJob(JOBS[name]), JSON.stringify(isJob.errors, null, 1));
    });

  test('the schema tells what is no Job', () => {
    const spoilt: readonly ((spec: Record<string, unknown>) => void)[] = [
      (spec) => (spec['completions'] = '20'),
      (spec) => delete spec['completions'],
      (spec) => (spec['completionMode'] = 'NonIndexed'),
      (spec) => (spec['backoffLimitPerIndexes'] = 3),
      (spec) => delete spec['template'],
    ];
    for (const spoil of spoilt) {
      const job = structuredClone(JOBS.tasks);
      spoil(job.spec);
      assert.ok(!isJob(job), String(spoil));
    }
  });

  test('have the same image, mount volumes that they have, and plan as many tasks as there are pods', () => {
    for (const job of Object.values(JOBS)) {
      const { volumes } = job.spec.template.spec;
      assert.equal(containerOf(job).image, containerOf(JOBS.plan).image);
      assert.deepEqual(containerOf(job).volumeMounts.map(({ name }) => name), volumes.map(({ name }) => name)); // prettier-ignore
    }
    const { command } = containerOf(JOBS.plan);
    assert.equal(command[command.indexOf('--tasks') + 1], String(JOBS.tasks.spec.completions));
  });
});

/** Fewer than in the files: each is a process. */
const TASKS = 3;

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

describe('their commands, in pods that are processes', () => {
  const folder = temporaryFolder();
  const database = join(folder, 'database');
  const out = join(folder, 'tables');
  let pods = 0;

  /** What a pod of a job does, in a folder of its own. @param index that Kubernetes tells the pod */
  function pod(job: Job, index?: number): Promise<Ended> {
    const places: Readonly<Record<string, string>> = {
      '/opt/omidb-etl/dist/bundle/omidb-etl.js': CLI,
      '/data/omi-db': database,
      '/data/tables': out,
    };
    const [program, ...args] = containerOf(job).command.map((word) => places[word] ?? word);
    assert.equal(program, 'node');
    if (args.includes('--tasks')) args[args.indexOf('--tasks') + 1] = String(TASKS);
    const cwd = join(folder, `pod-${pods++}`);
    mkdirSync(cwd);
    const env = { ...process.env, ...(index === undefined ? {} : { JOB_COMPLETION_INDEX: String(index) }) };
    const child = spawn(process.execPath, [...args], { cwd, env, ...BOUNDED });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
    return new Promise((resolve) => {
      child.on('close', (code) => {
        resolve({ code, text });
      });
    });
  }

  before(() => {
    makeSample({ out: database, clients: turnsOf(30, 14), seed: 19, faults: FAULT_KINDS, pixels: 'sparse' });
  });

  test('publish the bytes of one run; before the last task is done, merge names it', async () => {
    const succeed = async (...pods: Promise<Ended>[]) => {
      for (const { code, text } of await Promise.all(pods)) assert.equal(code, 0, text);
    };
    await succeed(pod(JOBS.plan));
    await succeed(pod(JOBS.tasks, 2), pod(JOBS.tasks, 0));
    const early = await pod(JOBS.merge);
    assert.equal(early.code, 1);
    assert.match(early.text, /1 of 3 tasks of plan \w+ are not done: 1:/);
    // A pod that was thought lost does its task once more.
    await succeed(pod(JOBS.tasks, 1), pod(JOBS.tasks, 0));
    await succeed(pod(JOBS.merge));
    const once = join(folder, 'once');
    const run = runCli(['run', database, '--out', once, '--no-progress']);
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(publishedHashes(join(out, 'current')), publishedHashes(join(once, 'current')));
  });
});
