import type { Argv } from 'yargs';
import { UsageFault } from '../base/fault.js';
import { without } from '../base/without.js';
import { OUT, withOptions, type Given, type OptionTable } from './option.js';
import { RUN_OPTIONS } from './run-options.js';
import { RUNNING_OPTIONS } from './run-options/running-options.js';

/** Options of the commands that share a run among machines. */

/** Of what is said when a run has ended, which is merge's. */
const AT_THE_END = ['summary-json', 'metrics-file'] as const;
const RUNNING = without(RUNNING_OPTIONS, AT_THE_END);
const SHARED = without(RUN_OPTIONS, ['dry-run', 'plan-file', 'json', ...AT_THE_END]);

/** Those that hold for all machines: two plans that differ in the others are the same. */
export const FROZEN_OPTIONS = without(SHARED, ['workers', 'max-memory', 'read-ahead']);

/** Those that `run` has not. */
export const CLUSTER_OPTIONS = {
  tasks: {
    type: 'string',
    demandOption: true,
    describe: 'Among how many tasks the reading is divided',
    readme: 'of `plan`: among how many tasks the reading is divided, 1 to 10,000',
    parse: tasks,
  },
  task: {
    type: 'string',
    describe: 'Which task, from 0 on [default: SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX]',
    readme:
      'of `run-task`: which task, from 0 on; without it `SLURM_ARRAY_TASK_ID` or `JOB_COMPLETION_INDEX` of its environment say it',
  },
  plan: {
    type: 'string',
    describe: 'Id of the plan, as plan printed it: another one of the output is refused [default: whichever]',
    readme:
      'of `run-task` and `merge`: the id of the plan, as `plan` printed it. They are refused where the output has another plan by now; without it they take whichever it has',
    parse: planId,
  },
} as const satisfies OptionTable;

const { task, plan } = CLUSTER_OPTIONS;

export const PLAN_OPTIONS = {
  tasks: CLUSTER_OPTIONS.tasks,
  ...SHARED,
} as const satisfies OptionTable;

export const RUN_TASK_OPTIONS = {
  ...OUT,
  task,
  plan,
  ...RUNNING,
} as const satisfies OptionTable;

export const MERGE_OPTIONS = {
  ...OUT,
  plan,
  ...RUNNING_OPTIONS,
} as const satisfies OptionTable;

export type PlanArguments = { database?: string | undefined } & Given<typeof PLAN_OPTIONS>;
export type RunTaskArguments = Given<typeof RUN_TASK_OPTIONS>;
export type MergeArguments = Given<typeof MERGE_OPTIONS>;

const MOST_TASKS = 10_000;

function tasks(given: string): number {
  const number = Number(given);
  if (!/^\d{1,5}$/.test(given) || number < 1 || number > MOST_TASKS)
    throw new UsageFault(`--tasks is ${JSON.stringify(given)}: give a whole number from 1 to ${MOST_TASKS}`);
  return number;
}

function planId(given: string | undefined): string | null {
  if (given !== undefined && !/^[0-9a-f]{16}$/.test(given))
    throw new UsageFault(`--plan is ${JSON.stringify(given)}: give the id that omidb-etl plan printed`);
  return given ?? null;
}

/** Where schedulers say which task a process is. */
const TASK_VARIABLES = ['SLURM_ARRAY_TASK_ID', 'JOB_COMPLETION_INDEX'] as const;

/**
 * Which task a process does.
 * @param given with --task
 * @throws UsageFault when nothing says it
 */
export function taskNumber(given: string | undefined, environment: NodeJS.ProcessEnv): number {
  const variable = TASK_VARIABLES.find((name) => environment[name] !== undefined);
  const [name, text] =
    given === undefined && variable !== undefined ? [variable, environment[variable]] : ['--task', given];
  if (text === undefined)
    throw new UsageFault(`say which task: --task N, or the variable ${TASK_VARIABLES.join(' or ')}`);
  if (!/^\d{1,9}$/.test(text))
    throw new UsageFault(`${name} is ${JSON.stringify(text)}: give the number of a task, from 0 on`);
  return Number(text);
}

export function planOptions(yargs: Argv) {
  const described = yargs
    .usage(
      '$0 plan DATABASE --tasks N [options]\n\nDivides the reading of a database among N tasks, which machines do that see DATABASE and --out; see run-task and merge.',
    )
    .positional('database', {
      type: 'string',
      describe: 'Folder that holds data/ and images/ (in any case)',
    });
  return withOptions(described, PLAN_OPTIONS)
    .example('$0 plan /data/omi-db --out /tables --tasks 20', 'then 20 times run-task, then merge')
    .epilogue(
      'The options say what is read and published; those of run-task and merge only how. Exit codes: 0 planned; 1 failed; 2 wrong usage.',
    );
}

export function runTaskOptions(yargs: Argv) {
  const described = yargs.usage(
    '$0 run-task --out OUT [--task I]\n\nDoes one task of the plan of an output. It may be repeated, on any machine.',
  );
  return withOptions(described, RUN_TASK_OPTIONS).epilogue(
    'Exit codes: 0 done, now or before; 1 failed; 2 wrong usage.',
  );
}

export function mergeOptions(yargs: Argv) {
  const described = yargs.usage(
    '$0 merge --out OUT\n\nPuts together what the tasks of the plan of an output read, and publishes the snapshot.',
  );
  return withOptions(described, MERGE_OPTIONS).epilogue(
    'Exit codes as of run, by the options that plan was given; 1 also where tasks are not done, which it names.',
  );
}
