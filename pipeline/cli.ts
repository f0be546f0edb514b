#!/usr/bin/env node
import { CliError, EXIT } from './commands/exit.js';
import { main } from './commands/main.js';

/** The one place that ends the process. Commands are loaded only when called, so that --version answers at once. */

// A reader that has seen enough (`| head`) closes the pipe: that ends the program, and is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const debug =
    process.argv.join(' ').includes('--log-level debug') || process.argv.includes('--log-level=debug');
  const known = error instanceof CliError;
  const message = error instanceof Error ? error.message : String(error);
  const advice = known || debug ? '' : ' (an error of the program: run with --log-level debug for details)';
  console.error(`omidb-etl: ${message}${advice}`);
  if (debug && error instanceof Error) console.error(error.stack);
  process.exitCode = known ? error.exitCode : EXIT.failed;
}
