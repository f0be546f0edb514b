import { resolve } from 'node:path';
import { UsageFault } from '../base/fault.js';
import type { RunContext } from '../run/context.js';
import { exitCodeOfRun } from '../run/exit.js';
import { run } from '../run/run.js';
import type { RunSummary } from '../run/summary.js';
import type { RunRecord } from '../snapshot/run-record.js';
import { echoOptions, parseOptions } from './option.js';
import { print } from './print.js';
import { openContext } from './run-context.js';
import { RUN_OPTIONS, type RunArguments, type RunValues } from './run-options.js';
import { optionsOf, recordedOptions, type Settings } from './run-settings.js';

/** `omidb-etl run`. @returns the exit code */
export async function runCommand(argv: RunArguments): Promise<number> {
  const values = parseOptions(RUN_OPTIONS, argv);
  refuseWithoutDryRun(values);
  const context = openContext(values, !values['dry-run']);
  const settings = settingsOf(argv, values);
  if (values['dry-run']) {
    const { dryRunCommand } = await import('./dry-run.js');
    const options = optionsOf(settings, context.log);
    return exitCodeOfRun(await dryRunCommand(values, options, context), options.failOn);
  }
  const runIt = (withRecord: RunContext) => run(recordedOptions(settings, withRecord), withRecord);
  return endOfRun(values, settings.record, context, runIt);
}

/**
 * Runs, and prints what a person wants to know of it; or the record and nothing else, also of a run that failed.
 * @returns the exit code
 */
export async function endOfRun(
  values: Pick<RunValues, 'summary-json'>,
  { out, failOn }: Pick<Settings['record'], 'out' | 'failOn'>,
  context: RunContext,
  runIt: (context: RunContext) => Promise<RunSummary>,
): Promise<number> {
  if (!values['summary-json']) {
    // What lays out text takes a while to load: that is done while the run waits for its workers.
    setImmediate(() => void loadSummary().catch(() => undefined));
    const summary = await runIt(context);
    const { summaryText } = await loadSummary();
    await print(summaryText(summary, out));
    return exitCodeOfRun(summary, failOn);
  }
  let record: RunRecord | null = null as RunRecord | null;
  const onRecord = (written: RunRecord) => {
    record = written;
  };
  try {
    return exitCodeOfRun(await runIt({ ...context, onRecord }), failOn);
  } finally {
    if (record !== null) await print(`${JSON.stringify(record, null, 2)}\n`);
  }
}

function loadSummary() {
  return import('./summary.js');
}

function settingsOf(argv: RunArguments, values: RunValues): Settings {
  const record = {
    out: resolve(values.out),
    failOn: values['fail-on'],
    metricsFile: values['metrics-file'],
    echo: echoOptions(RUN_OPTIONS, values),
  };
  return { argv, values, record, isDry: values['dry-run'] };
}

/** @throws UsageFault for options that say something of a dry run where there is none */
function refuseWithoutDryRun(values: Pick<RunValues, 'dry-run' | 'json' | 'plan-file'>): void {
  if (values['dry-run']) return;
  for (const [name, given] of [['json', values.json], ['plan-file', values['plan-file'] !== undefined]] as const)
    if (given) throw new UsageFault(`--${name} is of a dry run: give --dry-run too, or leave it away`); // prettier-ignore
}
