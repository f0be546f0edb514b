import yargs, { type Argv } from 'yargs';
import { softwareVersion } from '../run/version.js';
import { UsageFault } from '../base/fault.js';
import { EXIT } from '../run/exit.js';
import { offerFirstWorker, type FirstWorker } from '../run/first-worker.js';
import { refuseAddresses } from './addresses.js';
import { catalogueOptions } from './catalogue-options.js';
import { mergeOptions, planOptions, runTaskOptions } from './cluster-options.js';
import { cohortOptions } from './cohort-options.js';
import { describeFailure } from './failure.js';
import { diffOptions, pathOptions, runsOptions, useOptions, verifyOptions } from './history-options.js';
import { whileKept } from './kept.js';
import { repeatable } from './option.js';
import { queryOptions } from './query-options.js';
import { reportOptions } from './report-options.js';
import { pageWidth } from './terminal.js';
import { RUN_OPTIONS, runOptions } from './run-options.js';

export { describeFailure };

/**
 * Parses the command line and runs the command.
 * @param first a worker that was started for it already; where it takes none, who started it ends it
 * @returns the exit code
 * @throws a Fault, and what a fault of the program throws
 */
export async function main(args: readonly string[], first: FirstWorker | null = null): Promise<number> {
  offerFirstWorker(first);
  let exitCode: number = EXIT.published;
  const bare = yargs([...args])
    .scriptName('omidb-etl')
    .usage(
      '$0 <command>\n\nTurns a copy of OMI-DB into Parquet tables and a manifest of what does not pair up.',
    );
  const parser = withCommands(bare, (code) => (exitCode = code))
    .demandCommand(1, 'say what to do, e.g. omidb-etl run DATABASE')
    .strict()
    .version(softwareVersion())
    .help()
    .alias('help', 'h')
    .wrap(pageWidth())
    // What yargs says is English as all else is, whatever the user's language.
    .detectLocale(false)
    .middleware([takeLast, refuseAddresses], true)
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      // An error of another name than yargs' own is that of a command that failed.
      if (error !== undefined && error.name !== 'YError') throw error;
      // yargs breaks some messages into lines.
      const what = (message ?? error?.message ?? 'wrong usage').replace(/\s+/g, ' ');
      throw new UsageFault(`${what} (see omidb-etl --help)`);
    });
  keepNoHelp(parser);
  await parser.parseAsync();
  return exitCode;
}

/** The inside of yargs, as far as it is used here. */
interface Insides {
  getInternalMethods(): { getUsageInstance(): { cacheHelpMessage: () => void } };
}

/**
 * yargs makes the page of help of each command that it has called, should it be asked for afterwards, which nobody can: it
 * takes 0.1 s of CPU time.
 */
function keepNoHelp(parser: unknown): void {
  (parser as Insides).getInternalMethods().getUsageInstance().cacheHelpMessage = () => undefined;
}

/** Each command is loaded when it is called: to load them all takes longer than some of them do. */
function withCommands(parser: Argv, end: (exitCode: number) => void): Argv {
  return withCluster(withHistory(withTables(parser, end), end), end);
}

/** What several machines do together. */
function withCluster(parser: Argv, end: (exitCode: number) => void): Argv {
  return parser
    .command(
      'plan [database]',
      'Divide the reading of a database among tasks, for many machines',
      planOptions,
      async (argv) => {
        end(await (await import('./plan.js')).planCommand(argv));
      },
    )
    .command('run-task', 'Do one task of a plan', runTaskOptions, async (argv) => {
      end(await (await import('./run-task.js')).runTaskCommand(argv));
    })
    .command('merge', 'Publish what the tasks of a plan read', mergeOptions, async (argv) => {
      end(await (await import('./merge.js')).mergeCommand(argv));
    });
}

/** What makes the tables, and what asks them. */
function withTables(parser: Argv, end: (exitCode: number) => void): Argv {
  return parser
    .command(
      'run [database]',
      'Read a copy of OMI-DB and publish a snapshot of its tables',
      runOptions,
      async (argv) => {
        end(await (await import('./run.js')).runCommand(argv));
      },
    )
    .command(
      'query [sql]',
      'Ask the published tables a question in SQL, or list them',
      queryOptions,
      async (argv) => {
        const { queryCommand } = await import('./query.js');
        end(await whileKept(argv.out, () => queryCommand(argv)));
      },
    )
    .command(
      'cohort [cohort]',
      'Make a training set from a snapshot, every exclusion counted',
      cohortOptions,
      async (argv) => {
        const { cohortCommand } = await import('./cohort.js');
        end(await whileKept(argv.out, () => cohortCommand(argv)));
      },
    )
    .command(
      'catalogue <file>',
      'Make a DuckDB file of views over a snapshot',
      catalogueOptions,
      async (argv) => {
        const { catalogueCommand } = await import('./catalogue.js');
        end(await whileKept(argv.out, () => catalogueCommand(argv)));
      },
    );
}

/** What looks at the snapshots one after the other. */
function withHistory(parser: Argv, end: (exitCode: number) => void): Argv {
  return parser
    .command('runs', 'List the runs: what each published, or why it did not', runsOptions, async (argv) => {
      end(await (await import('./runs.js')).runsCommand(argv));
    })
    .command(
      'diff [a] [b]',
      'Say what is new, gone or changed between two snapshots',
      diffOptions,
      async (argv) => {
        const { diffCommand } = await import('./diff.js');
        end(await whileKept(argv.out, () => diffCommand(argv)));
      },
    )
    .command('use <run>', 'Turn current to another snapshot', useOptions, async (argv) => {
      end(await (await import('./use.js')).useCommand(argv));
    })
    .command('path [table]', 'Print where the current tables lie', pathOptions, async (argv) => {
      end(await (await import('./path.js')).pathCommand(argv));
    })
    .command(
      'verify [snapshot]',
      'Check a published snapshot: every file, then the tables',
      verifyOptions,
      async (argv) => {
        const { verifyCommand } = await import('./verify.js');
        end(await whileKept(argv.out, () => verifyCommand(argv)));
      },
    )
    .command('report [run]', 'Make a page of what a snapshot holds', reportOptions, async (argv) => {
      const { reportCommand } = await import('./report.js');
      end(await whileKept(argv.out, () => reportCommand(argv)));
    });
}

const REPEATABLE = repeatable(RUN_OPTIONS);

/** Of an option that is given more than once the last counts, unless it may be repeated. */
function takeLast(argv: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(argv)) {
    if (Array.isArray(value) && name !== '_' && !REPEATABLE.has(name)) argv[name] = value.at(-1);
  }
}
