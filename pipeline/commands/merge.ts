import { resolve } from 'node:path';
import { merge } from '../cluster/merge.js';
import { readPlan } from '../cluster/plan-file.js';
import { MERGE_OPTIONS, type MergeArguments } from './cluster-options.js';
import { echoOptions, parseOptions } from './option.js';
import { endOfRun } from './run.js';
import { openContext } from './run-context.js';
import { processOptions } from './run-settings.js';

/** `omidb-etl merge`. @returns the exit code, as of `run` */
export async function mergeCommand(argv: MergeArguments): Promise<number> {
  const values = parseOptions(MERGE_OPTIONS, argv);
  const context = openContext(values);
  const settings = {
    ...processOptions(values),
    out: resolve(values.out),
    metricsFile: values['metrics-file'],
    echo: echoOptions(MERGE_OPTIONS, values),
  };
  const plan = await readPlan(settings.out, values.plan);
  const record = { out: settings.out, failOn: plan.options.failOn };
  return endOfRun(values, record, context, (withRecord) => merge(plan, settings, withRecord));
}
