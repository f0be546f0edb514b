import { resolve } from 'node:path';
import { runTask } from '../cluster/run-task.js';
import { EXIT } from '../run/exit.js';
import { RUN_TASK_OPTIONS, taskNumber, type RunTaskArguments } from './cluster-options.js';
import { parseOptions } from './option.js';
import { count, wrapForScreen } from './plain-table.js';
import { print } from './print.js';
import { openContext } from './run-context.js';
import { processOptions } from './run-settings.js';

/** `omidb-etl run-task`. @returns the exit code */
export async function runTaskCommand(argv: RunTaskArguments): Promise<number> {
  const values = parseOptions(RUN_TASK_OPTIONS, argv);
  const context = openContext(values);
  const task = taskNumber(values.task, process.env);
  const settings = { ...processOptions(values), out: resolve(values.out), metricsFile: null, echo: {} };
  const { plan, clients, wasDone } = await runTask(task, values.plan, settings, context);
  await print(`${wrapForScreen(`task ${task} of plan ${plan.id} ${whatOf(clients, wasDone)}`)}\n`);
  return EXIT.published;
}

function whatOf(clients: number, wasDone: boolean): string {
  if (clients === 0) return 'has nothing to read';
  return wasDone ? 'was done before, nothing was read' : `is done: ${count(clients)} clients were read`;
}
