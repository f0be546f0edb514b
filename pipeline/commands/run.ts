import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { TagSelectionError } from '../dicom/tag-selection.js';
import { EnvironmentFault, Interrupted, VerificationError } from '../base/fault.js';
import { BudgetError, parseBudget, type Budget } from '../run/budgets.js';
import { createLog } from '../run/log.js';
import type { RunOptions } from '../run/options.js';
import { barProgress, logProgress, NO_PROGRESS, type Progress } from '../run/progress.js';
import { run, type RunContext, type RunSummary } from '../run/run.js';
import { CliError, EXIT, UsageError } from './exit.js';
import { findRoots } from './roots.js';
import type { RunArguments } from './run-options.js';
import { summaryText } from './summary.js';

/** `omidb-etl run`. @returns the exit code */
export async function runCommand(argv: RunArguments): Promise<number> {
  try {
    return await execute(argv);
  } catch (error) {
    if (error instanceof TagSelectionError) throw new UsageError(error.message);
    const isClear =
      error instanceof EnvironmentFault || error instanceof VerificationError || error instanceof Interrupted;
    throw isClear ? new CliError(error.message, EXIT.failed) : error;
  }
}

async function execute(argv: RunArguments): Promise<number> {
  const options: RunOptions = {
    roots: findRoots(argv),
    out: resolve(argv.out),
    workers: parseWorkers(argv.workers),
    includeClients: argv.clientsFile === undefined ? null : readClientList(argv.clientsFile),
    excludeClients:
      argv.excludeClientsFile === undefined ? new Set() : readClientList(argv.excludeClientsFile),
    tagsFile: argv.tags === undefined ? null : resolve(argv.tags),
    format: argv.format,
    full: argv.full,
    keep: parseKeep(argv.keep),
    budgets: argv.maxMismatches.map(parseMaxMismatches),
    months: {
      ciPrior: parseMonths('ci-prior', argv.monthsCiPrior),
      cancerPrior: parseMonths('cancer-prior', argv.monthsCancerPrior),
      normalFollowUp: parseMonths('normal-follow-up', argv.monthsNormalFollowUp),
      benignFollowUp: parseMonths('benign-follow-up', argv.monthsBenignFollowUp),
    },
  };
  const log = openLog(argv);
  const stop = new AbortController();
  const onSignal = () => {
    stop.abort();
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const context: RunContext = {
    log,
    progress: chooseProgress(argv, log),
    now: () => new Date(),
    signal: stop.signal,
  };
  if (argv.dryRun) {
    const { dryRun } = await import('../run/dry-run.js');
    await dryRun(options, context, (line) => process.stdout.write(`${line}\n`));
    return EXIT.published;
  }
  const summary = await run(options, context);
  process.stdout.write(summaryText(summary, options.out));
  return exitCode(summary, argv.failOn);
}

function exitCode({ mismatches, budgets }: RunSummary, failOn: RunArguments['failOn']): number {
  if (budgets.some(({ over }) => over > 0)) return EXIT.mismatches;
  const { error, warning } = mismatches.by_severity;
  const count = { error, warning: error + warning, never: 0 }[failOn];
  return count > 0 ? EXIT.mismatches : EXIT.published;
}

function parseWorkers(text: string | undefined): number {
  if (text === undefined) return availableParallelism();
  const workers = Number(text);
  if (!/^\d+$/.test(text) || workers < 1 || workers > 256) {
    throw new UsageError(`--workers is ${JSON.stringify(text)}: give a whole number from 1 to 256`);
  }
  return workers;
}

function parseKeep(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) {
    throw new UsageError(`--keep is ${JSON.stringify(text)}: give a whole number from 1`);
  }
  return Number(text);
}

function parseMaxMismatches(text: string): Budget {
  try {
    return parseBudget(text);
  } catch (error) {
    if (error instanceof BudgetError) throw new UsageError(`--max-mismatches: ${error.message}`);
    throw error;
  }
}

/** Null: unset, which is not the same as 0 months. */
function parseMonths(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,4}$/.test(text)) {
    throw new UsageError(`--months-${option} is ${JSON.stringify(text)}: give a whole number of months`);
  }
  return Number(text);
}

/** Clients of a list file: one a line, `#` starts a comment. */
function readClientList(file: string): ReadonlySet<string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new UsageError(`the list of clients ${file} cannot be read (${code}): check the path`);
  }
  // Editors on Windows begin a file with a byte order mark.
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*/, '').trim());
  return new Set(lines.filter((line) => line !== ''));
}

function openLog(argv: RunArguments): Logger {
  try {
    return createLog({ level: argv.logLevel, file: argv.logFile ?? null, json: argv.jsonLogs });
  } catch (error) {
    throw new UsageError(
      `the log file ${String(argv.logFile)} cannot be opened: ${(error as Error).message}`,
    );
  }
}

function chooseProgress(argv: RunArguments, log: Logger): Progress {
  const now = () => performance.now();
  if (!argv.progress || argv.dryRun) return NO_PROGRESS;
  return process.stderr.isTTY && !argv.jsonLogs ? barProgress(process.stderr, now) : logProgress(log, now);
}
