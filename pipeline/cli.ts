#!/usr/bin/env node
import { errorName } from './base/system-error.js';
import { softwareVersion } from './run/version.js';

/** The one place that ends the process. Commands, and what parses their options, are loaded only when called. */

const args = process.argv.slice(2);

/** What a run prints comes on top of what it publishes; of every other command it is all. */
const printsOnTop =
  (args[0] === 'run' && !args.includes('--dry-run')) || ['run-task', 'merge'].includes(args[0] ?? '');
let isStdoutLost = false;

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) closes the pipe: that ends the program, and is no failure.
  if (error.code === 'EPIPE') process.exit();
  if (isStdoutLost) return;
  isStdoutLost = true;
  const what = printsOnTop ? 'the exit code says what the run did' : 'what was printed is not complete';
  console.error(`omidb-etl: stdout cannot be written to (${errorName(error)}): ${what}`);
  if (!printsOnTop) process.exitCode = 1;
});

function end(exitCode: number): void {
  if (!isStdoutLost || printsOnTop) process.exitCode = exitCode;
}

try {
  // Scripts ask for the version to learn whether the program is there: that need not wait for the parser of options.
  if (args.length === 1 && args[0] === '--version') console.log(softwareVersion());
  else end(await (await import('./commands/main.js')).main(args));
} catch (error) {
  const { exitCodeOf, EXIT } = await import('./run/exit.js');
  const { showControls } = await import('./base/text.js');
  const debug = args.join(' ').includes('--log-level debug') || args.includes('--log-level=debug');
  const exitCode = exitCodeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const isKnown = exitCode !== null;
  const advice = isKnown || debug ? '' : ' (an error of the program: run with --log-level debug for details)';
  console.error(showControls(`omidb-etl: ${message}${advice}`));
  if (debug && error instanceof Error) console.error(error.stack);
  process.exitCode = exitCode ?? EXIT.failed;
}
