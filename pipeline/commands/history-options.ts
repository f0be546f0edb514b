import type { Argv } from 'yargs';
import { OUT, withOptions, type Given, type OptionTable } from './option.js';

/** Options of the commands that look at published snapshots. */

function format(table: string) {
  return {
    format: {
      choices: ['table', 'json'] as const,
      default: 'table' as const,
      describe: `${table}, or lines of JSON`,
    },
  } as const;
}

const RUNS = { ...OUT, ...format('A table') } as const;
const DIFF = { ...OUT, ...format('A summary') } as const;

const PATH = {
  ...OUT,
  snapshot: { type: 'string', default: 'current', describe: 'Another snapshot: its run id, or its folder' },
} as const satisfies OptionTable;

export type UseArguments = { run: string } & Given<typeof OUT>;
export type PathArguments = { table?: string | undefined } & Given<typeof PATH>;
export type VerifyArguments = { snapshot: string } & Given<typeof OUT>;
export type RunsArguments = Given<typeof RUNS>;
export type DiffArguments = { a?: string | undefined; b: string } & Given<typeof DIFF>;

export function verifyOptions(yargs: Argv) {
  const described = yargs
    .usage(
      '$0 verify [SNAPSHOT]\n\nChecks that every file of a snapshot is as it was published, then repeats the checks of its tables.',
    )
    .positional('snapshot', {
      type: 'string',
      default: 'current',
      describe: 'A run id, a folder, or current',
    });
  return withOptions(described, OUT).epilogue(
    'Exit codes: 0 verified; 1 not, with a sentence that says what is wrong; 2 wrong usage.',
  );
}

export function useOptions(yargs: Argv) {
  const described = yargs
    .usage(
      '$0 use RUN\n\nTurns current to another snapshot, back or forward, or to the one that the gate refused. It is verified first.',
    )
    .positional('run', {
      type: 'string',
      demandOption: true,
      describe: 'A run id, as omidb-etl runs lists them',
    });
  return withOptions(described, OUT).epilogue(
    'The next run publishes the database as it is then. Exit codes: 0 done; 1 not, with a sentence that says why; 2 wrong usage.',
  );
}

export function pathOptions(yargs: Argv) {
  const described = yargs
    .usage('$0 path [TABLE]\n\nPrints the folder that the current tables lie in, links resolved.')
    .positional('table', { type: 'string', describe: 'Of this table only' });
  return withOptions(described, PATH).example(
    `duckdb -c "FROM '$($0 path images)/*.parquet' LIMIT 5"`,
    'also where there are no symbolic links',
  );
}

export function runsOptions(yargs: Argv) {
  return withOptions(
    yargs.usage(
      '$0 runs\n\nLists the runs of an output folder since its oldest snapshot, oldest first: those that published nothing too.',
    ),
    RUNS,
  );
}

export function diffOptions(yargs: Argv) {
  const described = yargs
    .usage('$0 diff [A] [B]\n\nSays which rows are new, gone or changed from snapshot A to snapshot B.')
    .positional('a', {
      type: 'string',
      describe: 'A run id, a folder, or current [default: the one before current]',
    })
    .positional('b', { type: 'string', default: 'current', describe: 'As A' });
  return withOptions(described, DIFF)
    .example('$0 diff', 'what the last run changed')
    .example('$0 diff --format json', 'a line for each row, with its key and the columns that changed');
}
