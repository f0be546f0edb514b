import type { Logger } from 'pino';
import { UsageFault } from '../base/fault.js';
import type { RunContext } from '../run/context.js';
import { createLog } from '../run/log.js';
import { barProgress, bothProgress, logProgress, NO_PROGRESS, type Progress } from '../run/progress.js';
import type { RunValues } from './run-options.js';
import { stopSignal } from './stop.js';

/** What a command says while it runs, and where. */
type LogValues = Pick<RunValues, 'log-level' | 'log-file' | 'json-logs' | 'progress'>;

/** @param hasProgress false where there is none to show */
export function openContext(values: LogValues, hasProgress = true): RunContext {
  const log = openLog(values);
  const isForEyes = process.stderr.isTTY && !values['json-logs'];
  return {
    log,
    progress: hasProgress ? chooseProgress(values, log, isForEyes) : NO_PROGRESS,
    now: () => new Date(),
    signal: stopSignal(),
    // On a terminal the bar and the summary say it.
    eventLevel: isForEyes && values['log-file'] === undefined ? 'debug' : 'info',
  };
}

function openLog(values: LogValues): Logger {
  const file = values['log-file'] ?? null;
  try {
    return createLog({ level: values['log-level'], file, json: values['json-logs'] });
  } catch (error) {
    throw new UsageFault(`the log file ${String(file)} cannot be opened: ${(error as Error).message}`);
  }
}

/** A bar for eyes; events in the log, but where that is the terminal with the bar. */
function chooseProgress(values: LogValues, log: Logger, isForEyes: boolean): Progress {
  const now = () => performance.now();
  const bar = isForEyes && values.progress ? barProgress(process.stderr, now) : NO_PROGRESS;
  if (isForEyes && values['log-file'] === undefined) return bar;
  const events = logProgress(
    log,
    now,
    values.progress || values['log-file'] !== undefined ? undefined : null,
  );
  return bothProgress(bar, events);
}
