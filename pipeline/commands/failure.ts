import { showControls } from '../base/text.js';
import { EXIT, exitCodeOf } from '../run/exit.js';

export interface Failure {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/** What the user is told of what a command threw. @param args of the command line */
export function describeFailure(error: unknown, args: readonly string[]): Failure {
  const debug = args.join(' ').includes('--log-level debug') || args.includes('--log-level=debug');
  const exitCode = exitCodeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const advice =
    exitCode !== null || debug ? '' : ' (an error of the program: run with --log-level debug for details)';
  const lines = [showControls(`omidb-etl: ${message}${advice}`)];
  if (debug && error instanceof Error && error.stack !== undefined) lines.push(error.stack);
  return { lines, exitCode: exitCode ?? EXIT.failed };
}
