import { dirname } from 'node:path';
import { destination as openDestination, pino, stdTimeFunctions, type LogFn, type Logger } from 'pino';
import pretty from 'pino-pretty';
import { showControls } from '../base/text.js';
import { makeFolder } from '../storage/folders.js';
import type { LogLevel } from './log-level.js';

export interface LogOptions {
  readonly level: LogLevel;
  /** Append to this file instead of writing to stderr. */
  readonly file: string | null;
  /** One JSON object a line instead of text. */
  readonly json: boolean;
}

/**
 * A logger. Written synchronously, so that the last line before a failure is there. Below `debug` no message may hold a
 * value from the database; mismatches go to the manifest, not to the log.
 * @throws the file system's error when the log file cannot be opened.
 */
export function createLog({ level, file, json }: LogOptions): Logger {
  if (file !== null) makeFolder(dirname(file));
  const destination = openDestination({ dest: file ?? 2, append: true, sync: true });
  // A full disk under the log ends no run.
  destination.on('error', () => undefined);
  const base = { level, base: null, timestamp: stdTimeFunctions.isoTime, hooks: { logMethod } };
  if (json) return pino(base, destination);
  const text = pretty({
    destination,
    sync: true,
    colorize: file === null && process.stderr.isTTY,
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss',
    singleLine: true,
  });
  return pino(base, text);
}

/** A message may name a path, and a path may hold anything: it stays one line, and moves no cursor. */
function logMethod(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const shown = args.map((part: unknown) => (typeof part === 'string' ? showControls(part, false) : part));
  method.apply(this, shown as Parameters<LogFn>);
}
