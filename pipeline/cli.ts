#!/usr/bin/env node
import { CliError, EXIT } from './commands/exit.js';
import { softwareVersion } from './run/version.js';

/** The one place that ends the process. Commands, and what parses their options, are loaded only when called. */

// A reader that has seen enough (`| head`) closes the pipe: that ends the program, and is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

/** Scripts ask for the version to learn whether the program is there: that need not wait for the parser of options. */
async function answer(args: readonly string[]): Promise<number> {
  if (args.length === 1 && args[0] === '--version') {
    console.log(softwareVersion());
    return EXIT.published;
  }
  const { main } = await import('./commands/main.js');
  return main(args);
}

try {
  process.exitCode = await answer(process.argv.slice(2));
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
