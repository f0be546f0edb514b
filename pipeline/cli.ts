#!/usr/bin/env node
import { softwareVersion } from './run/version.js';

/** The one place that ends the process. Commands, and what parses their options, are loaded only when called. */

// A reader that has seen enough (`| head`) closes the pipe: that ends the program, and is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

const args = process.argv.slice(2);
try {
  // Scripts ask for the version to learn whether the program is there: that need not wait for the parser of options.
  if (args.length === 1 && args[0] === '--version') console.log(softwareVersion());
  else process.exitCode = await (await import('./commands/main.js')).main(args);
} catch (error) {
  const { exitCodeOf, EXIT } = await import('./commands/exit.js');
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
