import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { RESERVED_IMAGE_COLUMNS } from '../../schemas/tables/images.js';
import { print } from './print.js';
import { UsageFault } from '../base/fault.js';
import { loadTagSelection } from '../dicom/tag-selection.js';
import type { RunContext } from '../run/context.js';
import { createLog } from '../run/log.js';
import type { RowOptions, RunOptions } from '../run/options.js';
import { barProgress, logProgress, NO_PROGRESS, type Progress } from '../run/progress.js';
import { run } from '../run/run.js';
import type { RunSummary } from '../run/summary.js';
import { findRoots } from '../source/roots.js';
import type { Roots } from '../source/source.js';
import { formatsOf } from '../stages/write/formats.js';
import { EXIT } from './exit.js';
import { echoOptions, parseOptions } from './option.js';
import { assertPlaceForOutput } from './output-place.js';
import { RUN_OPTIONS, type RunArguments, type RunValues } from './run-options.js';
import { stopSignal } from './stop.js';
import { summaryText } from './summary.js';

/** `omidb-etl run`. @returns the exit code */
export async function runCommand(argv: RunArguments): Promise<number> {
  const values = parseOptions(RUN_OPTIONS, argv);
  refuseWithoutDryRun(values);
  const options: RunOptions = {
    roots: findRoots(argv),
    out: resolve(values.out),
    workers: values.workers,
    readAhead: values['read-ahead'],
    rows: rowOptions(values),
    allowUnknownClients: values['allow-unknown-clients'],
    sideTables: values['side-table'],
    full: values.full,
    verifyContent: values['verify-content'],
    keep: values.keep,
    report: values.report,
    budgets: values['max-mismatches'],
    echo: echoOptions(RUN_OPTIONS, values),
  };
  if (!values['dry-run']) assertPlaceForOutput(options.out, databaseOf(argv.database, options.roots));
  const context = openContext(values);
  if (argv.excludeClientsFile !== undefined && options.rows.excludeClients.length === 0)
    context.log.warn('the list of clients to leave out names none: nobody is left out');
  if (values['dry-run']) {
    const { dryRunCommand } = await import('./dry-run.js');
    return exitCode(await dryRunCommand(values, options, context), values['fail-on']);
  }
  const summary = await run(options, context);
  await print(summaryText(summary, options.out));
  return exitCode(summary, values['fail-on']);
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
  return { log, progress: chooseProgress(values, log), now: () => new Date(), signal: stopSignal() };
}

function exitCode(
  { mismatches, budgets }: Pick<RunSummary, 'mismatches' | 'budgets'>,
  failOn: RunValues['fail-on'],
): number {
  if (budgets.some(({ over }) => over > 0)) return EXIT.mismatches;
  const { error, warning } = mismatches.by_severity;
  const count = { error, warning: error + warning, never: 0 }[failOn];
  return count > 0 ? EXIT.mismatches : EXIT.published;
}

function openLog(values: RunValues): Logger {
  const file = values['log-file'] ?? null;
  try {
    return createLog({ level: values['log-level'], file, json: values['json-logs'] });
  } catch (error) {
    throw new UsageFault(`the log file ${String(file)} cannot be opened: ${(error as Error).message}`);
  }
}

function chooseProgress(values: RunValues, log: Logger): Progress {
  const now = () => performance.now();
  if (!values.progress || values['dry-run']) return NO_PROGRESS;
  const isForEyes = process.stderr.isTTY && !values['json-logs'];
  return isForEyes ? barProgress(process.stderr, now) : logProgress(log, now);
}
