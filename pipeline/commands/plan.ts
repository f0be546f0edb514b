import { resolve } from 'node:path';
import type { FrozenPlan } from '../cluster/frozen-plan.js';
import { makePlan } from '../cluster/make-plan.js';
import { numbersText } from '../cluster/task-numbers.js';
import { EXIT } from '../run/exit.js';
import { FROZEN_OPTIONS, PLAN_OPTIONS, type PlanArguments } from './cluster-options.js';
import { echoOptions, parseOptions } from './option.js';
import { count, wrapForScreen } from './plain-table.js';
import { print } from './print.js';
import { openContext } from './run-context.js';
import { recordedOptions } from './run-settings.js';

/** `omidb-etl plan`. @returns the exit code */
export async function planCommand(argv: PlanArguments): Promise<number> {
  const values = parseOptions(PLAN_OPTIONS, argv);
  const context = openContext(values);
  const record = {
    out: resolve(values.out),
    failOn: values['fail-on'],
    metricsFile: null,
    echo: echoOptions(FROZEN_OPTIONS, values),
  };
  const options = recordedOptions({ argv, values, record, isDry: false }, context);
  const plan = await makePlan(options, values.tasks, context);
  await print(planText(plan));
  return EXIT.published;
}

/** What a person, or a job file, wants to know of a plan. */
function planText({ id, ranges, tasks }: FrozenPlan): string {
  const toRead = ranges.filter(({ read }) => read !== null);
  const clients = toRead.reduce((sum, range) => sum + range.clients.length, 0);
  const busy = [...tasks.keys()].filter((task) => tasks[task]!.length > 0);
  const facts = [
    `plan ${id}`,
    `${count(toRead.length)} of ${count(ranges.length)} client ranges are to be read, ${count(clients)} clients`,
    busy.length === 0
      ? 'no task has anything to read: merge can follow at once'
      : `${count(busy.length)} of ${count(tasks.length)} tasks have something to read: ${numbersText(busy)}`,
  ];
  return facts.map((line) => `${wrapForScreen(line)}\n`).join('');
}
