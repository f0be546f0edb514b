import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { RESERVED_IMAGE_COLUMNS } from '../../schemas/tables/images.js';
import { print } from './print.js';
import { UsageFault } from '../base/fault.js';
import { loadTagSelection } from '../dicom/tag-selection.js';
import type { RunContext } from '../run/context.js';
import { createLog } from '../run/log.js';
import { assertMemory } from '../run/memory.js';
import type { RowOptions, RunOptions } from '../run/options.js';
import { barProgress, bothProgress, logProgress, NO_PROGRESS, type Progress } from '../run/progress.js';
import type { RecordOptions } from '../run/recorder.js';
import { recordFailure, run } from '../run/run.js';
import type { RunRecord } from '../snapshot/run-record.js';
import { gateLimits } from '../snapshot/gate/limits.js';
import { findRoots } from '../source/roots.js';
import type { Roots } from '../source/source.js';
import { formatsOf } from '../stages/write/formats.js';
import { exitCodeOfRun } from '../run/exit.js';
import { echoOptions, parseOptions } from './option.js';
import { assertPlaceForOutput, isPlaceForOutput } from './output-place.js';
import { RUN_OPTIONS, type RunArguments, type RunValues } from './run-options.js';
import { stopSignal } from './stop.js';
import { summaryText } from './summary.js';

/** `omidb-etl run`. @returns the exit code */
export async function runCommand(argv: RunArguments): Promise<number> {
  const values = parseOptions(RUN_OPTIONS, argv);
  refuseWithoutDryRun(values);
  const context = openContext(values);
  if (values['dry-run']) {
    const { dryRunCommand } = await import('./dry-run.js');
    const options = optionsOf(argv, values, context);
    return exitCodeOfRun(await dryRunCommand(values, options, context), options.failOn);
  }
  if (values['summary-json']) return runForRecord(argv, values, context);
  const { summary, options } = await runRecorded(argv, values, context);
  await print(summaryText(summary, options.out));
  return exitCodeOfRun(summary, options.failOn);
}

/** Prints the record and nothing else, also of a run that failed. */
async function runForRecord(argv: RunArguments, values: RunValues, context: RunContext): Promise<number> {
  let record: RunRecord | null = null as RunRecord | null;
  const onRecord = (written: RunRecord) => {
    record = written;
  };
  try {
    const { summary, options } = await runRecorded(argv, values, { ...context, onRecord });
    return exitCodeOfRun(summary, options.failOn);
  } finally {
    if (record !== null) await print(`${JSON.stringify(record, null, 2)}\n`);
  }
}

/** Runs; what goes wrong before the run can begin, such as a disk that is not mounted, is on record too. */
async function runRecorded(argv: RunArguments, values: RunValues, context: RunContext) {
  let options: RunOptions;
  try {
    options = optionsOf(argv, values, context);
  } catch (error) {
    const named = [argv.database, argv.dataDir, argv.imagesDir, argv.nbssDir];
    const folders = named.filter((path) => path !== undefined).map((path) => resolve(path));
    // Nor is a record written into a database, or below /proc.
    if (isPlaceForOutput(resolve(values.out), folders))
      recordFailure(recordOptionsOf(values), context, error);
    throw error;
  }
  return { summary: await run(options, context), options };
}

function recordOptionsOf(values: RunValues): RecordOptions {
  return {
    out: resolve(values.out),
    failOn: values['fail-on'],
    metricsFile: values['metrics-file'],
    echo: echoOptions(RUN_OPTIONS, values),
  };
}

function optionsOf(argv: RunArguments, values: RunValues, { log }: RunContext): RunOptions {
  assertMemory(values['max-memory'], values.workers);
  const options: RunOptions = {
    ...recordOptionsOf(values),
    roots: findRoots(argv),
    workers: values.workers,
    readAhead: values['read-ahead'],
    maxMemory: values['max-memory'],
    rows: rowOptions(values),
    allowUnknownClients: values['allow-unknown-clients'],
    sideTables: values['side-table'],
    full: values.full,
    verifyContent: values['verify-content'],
    keep: values.keep,
    report: values.report,
    budgets: values['max-mismatches'],
    gate: gateLimits(values['max-drop'], values.gate),
  };
  if (!values['dry-run']) assertPlaceForOutput(options.out, databaseOf(argv.database, options.roots));
  if (argv.excludeClientsFile !== undefined && options.rows.excludeClients.length === 0)
    log.warn('the list of clients to leave out names none: nobody is left out');
  return options;
}

/** Every folder that was named as the database, or as one of its trees. */
function databaseOf(database: string | undefined, roots: Roots): string[] {
  const trees = Object.values(roots).filter((root): root is string => root !== null);
  return database === undefined ? trees : [resolve(database), ...trees];
}

/** @throws UsageFault for options that say something of a dry run where there is none */
function refuseWithoutDryRun(values: Pick<RunValues, 'dry-run' | 'json' | 'plan-file'>): void {
  if (values['dry-run']) return;
  for (const [name, given] of [['json', values.json], ['plan-file', values['plan-file'] !== undefined]] as const)
    if (given) throw new UsageFault(`--${name} is of a dry run: give --dry-run too, or leave it away`); // prettier-ignore
}

function rowOptions(values: RunValues): RowOptions {
  return {
    tags: loadTagSelection(values.tags ?? undefined, RESERVED_IMAGE_COLUMNS, values['tags-add']),
    months: {
      ciPrior: values['months-ci-prior'],
      cancerPrior: values['months-cancer-prior'],
      normalFollowUp: values['months-normal-follow-up'],
      benignFollowUp: values['months-benign-follow-up'],
    },
    includeClients: values['clients-file']?.toSorted() ?? null,
    excludeClients: values['exclude-clients-file'].toSorted(),
    formats: formatsOf(values.format),
    followLinks: values['follow-links'],
  };
}

function openContext(values: RunValues): RunContext {
  const log = openLog(values);
  const isForEyes = process.stderr.isTTY && !values['json-logs'];
  return {
    log,
    progress: chooseProgress(values, log, isForEyes),
    now: () => new Date(),
    signal: stopSignal(),
    // On a terminal the bar and the summary say it.
    eventLevel: isForEyes && values['log-file'] === undefined ? 'debug' : 'info',
  };
}

function openLog(values: RunValues): Logger {
  const file = values['log-file'] ?? null;
  try {
    return createLog({ level: values['log-level'], file, json: values['json-logs'] });
  } catch (error) {
    throw new UsageFault(`the log file ${String(file)} cannot be opened: ${(error as Error).message}`);
  }
}

/** A bar for eyes; events in the log, but where that is the terminal with the bar. */
function chooseProgress(values: RunValues, log: Logger, isForEyes: boolean): Progress {
  const now = () => performance.now();
  if (values['dry-run']) return NO_PROGRESS;
  const bar = isForEyes && values.progress ? barProgress(process.stderr, now) : NO_PROGRESS;
  if (isForEyes && values['log-file'] === undefined) return bar;
  const events = logProgress(
    log,
    now,
    values.progress || values['log-file'] !== undefined ? undefined : null,
  );
  return bothProgress(bar, events);
}
