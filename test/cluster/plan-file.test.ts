import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { without } from '../../pipeline/base/without.js';
import { EnvironmentFault, UsageFault } from '../../pipeline/base/fault.js';
import { taskNumber } from '../../pipeline/commands/cluster-options.js';
import { PROCESS_OPTIONS, type FrozenPlan } from '../../pipeline/cluster/frozen-plan.js';
import { readPlan, writePlan } from '../../pipeline/cluster/plan-file.js';
import { temporaryFolder } from '../helpers/cli.js';
import { runOptions } from '../helpers/run-options.js';

const folder = temporaryFolder();
const roots = { data: '/a/data', images: null, nbss: null };

const PLAN: Omit<FrozenPlan, 'id'> = {
  software: { name: 'omidb-etl', version: '0.1.0', node: 'v20.0.0' },
  program: 'p',
  configuration: 'c',
  options: without(runOptions(roots, '/out'), PROCESS_OPTIONS),
  against: null,
  rootInodes: { data: '7', images: null, nbss: null },
  width: 1000,
  unknown: { included: [], excluded: ['optm9'] },
  inTrees: { data: 3, images: 0, nbss: 0 },
  sideFiles: [],
  // U+2028 ends a line for some readers.
  database: [{ kind: 'unexpected_entry', detail: 'An entry.', path: 'data/a\u2028b' }],
  leftOut: ['optm007'],
  ranges: [
    {
      range: 'optm-0000000',
      clients: [
        { id: 'optm1', prefix: 'optm', number: 1, trees: ['data'] },
        { id: 'optm02', prefix: 'optm', number: 2, trees: ['data'], outside: { data: '/elsewhere' } },
      ],
      stamps: ['s'],
      read: 'first',
    },
  ],
  tasks: [[{ range: 'optm-0000000', first: 0, end: 1 }], []],
};

let count = 0;
function newOut(): string {
  const out = join(folder, `out-${count++}`);
  mkdirSync(join(out, 'tasks'), { recursive: true });
  return out;
}
const fileOf = (out: string) => join(out, 'tasks', 'plan.jsonl');

describe('the file of a plan', () => {
  test('gives back what was written, and its id', async () => {
    const out = newOut();
    const written = writePlan(out, PLAN, new Date());
    assert.match(written.id, /^[0-9a-f]{16}$/);
    assert.deepEqual(await readPlan(out, null), { ...PLAN, id: written.id });
    assert.deepEqual(await readPlan(out, written.id), written);
  });

  test('has the same id at any time, and another with anything else in it', () => {
    const { id } = writePlan(newOut(), PLAN, new Date(0));
    assert.equal(writePlan(newOut(), PLAN, new Date()).id, id);
    for (const other of [
      { against: '20260102T030405.678Z-abcdef' },
      { leftOut: [] },
      { database: [] },
      { tasks: [PLAN.tasks[0]!] },
      { options: { ...PLAN.options, keep: 8 } },
      { ranges: [{ ...PLAN.ranges[0]!, stamps: ['t'] }] },
    ])
      assert.notEqual(writePlan(newOut(), { ...PLAN, ...other }, new Date(0)).id, id, Object.keys(other)[0]);
  });

  test('that is damaged, cut, empty or of another version is refused', async () => {
    const out = newOut();
    writePlan(out, PLAN, new Date());
    const text = readFileSync(fileOf(out), 'utf8');
    for (const damaged of [
      text.replace('"optm1"', '"optm3"'),
      text.replace('"first":0', '"first":1'),
      text.slice(0, -20),
      text.split('\n').slice(0, -2).join('\n'),
      `${text}{}\n`,
      '',
      'no plan\n',
      text.replace('"format_version":1', '"format_version":2'),
    ]) {
      writeFileSync(fileOf(out), damaged);
      await assert.rejects(
        readPlan(out, null),
        (error) => error instanceof EnvironmentFault && error.message.includes(fileOf(out)),
        damaged.slice(0, 60),
      );
    }
  });

  test('another than the one that is wanted, or none, is refused with what to do', async () => {
    const out = newOut();
    const { id } = writePlan(out, PLAN, new Date());
    await assert.rejects(readPlan(out, '0123456789abcdef'), new RegExp(`is ${id} by now`));
    await assert.rejects(readPlan(newOut(), null), /has no plan: omidb-etl plan/);
  });
});

describe('the number of a task', () => {
  test('is that of --task, else that of the scheduler', () => {
    assert.equal(taskNumber('3', { SLURM_ARRAY_TASK_ID: '4' }), 3);
    assert.equal(taskNumber(undefined, { SLURM_ARRAY_TASK_ID: '4', JOB_COMPLETION_INDEX: '5' }), 4);
    assert.equal(taskNumber(undefined, { JOB_COMPLETION_INDEX: '0' }), 0);
  });

  test('must be there, and be one', () => {
    for (const [given, environment, says] of [
      [undefined, {}, /say which task/],
      ['-1', {}, /--task is "-1"/],
      ['1.5', {}, /--task is "1.5"/],
      [undefined, { SLURM_ARRAY_TASK_ID: '' }, /SLURM_ARRAY_TASK_ID is ""/],
    ] as const)
      assert.throws(() => taskNumber(given, environment), (error) => error instanceof UsageFault && says.test(error.message)); // prettier-ignore
  });
});
