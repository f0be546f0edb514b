import yargs from 'yargs';
import { softwareVersion } from '../run/version.js';
import { EXIT, UsageError } from './exit.js';
import { queryOptions } from './query-options.js';
import { runOptions } from './run-options.js';

/**
 * Parses the command line and runs the command.
 * @returns the exit code
 * @throws CliError
 */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.published;
  const parser = yargs([...args])
    .scriptName('omidb-etl')
    .usage(
      '$0 <command>\n\nTurns a copy of OMI-DB into Parquet tables and a manifest of what does not pair up.',
    )
    .command(
      'run [database]',
      'Read a copy of OMI-DB and publish a snapshot of its tables',
      (options) => runOptions(options),
      async (argv) => {
        const { runCommand } = await import('./run.js');
        exitCode = await runCommand(argv);
      },
    )
    .command(
      'query [sql]',
      'Ask the published tables a question in SQL, or list them',
      (options) => queryOptions(options),
      async (argv) => {
        const { queryCommand } = await import('./query.js');
        exitCode = await queryCommand(argv);
      },
    )
    .demandCommand(1, 'say what to do, e.g. omidb-etl run DATABASE')
    .strict()
    .version(softwareVersion())
    .help()
    .alias('help', 'h')
    .wrap(100)
    .parserConfiguration({ 'duplicate-arguments-array': false })
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      // An error of another name than yargs' own is that of a command that failed.
      if (error !== undefined && error.name !== 'YError') throw error;
      // yargs breaks some messages into lines.
      const what = (message ?? error?.message ?? 'wrong usage').replace(/\s+/g, ' ');
      throw new UsageError(`${what} (see omidb-etl --help)`);
    });
  await parser.parseAsync();
  return exitCode;
}
