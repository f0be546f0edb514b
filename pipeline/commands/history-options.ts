import type { ArgumentsCamelCase, Argv, InferredOptionTypes } from 'yargs';

/** Options of the commands that look at published snapshots. Ids and paths are strings: yargs makes numbers of digits. */

const OUT = {
  out: { type: 'string', default: 'output', describe: 'Folder that snapshots are published in' },
} as const;

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

export type VerifyArguments = ArgumentsCamelCase<{ snapshot: string } & InferredOptionTypes<typeof OUT>>;
export type RunsArguments = ArgumentsCamelCase<InferredOptionTypes<typeof RUNS>>;
export type DiffArguments = ArgumentsCamelCase<
  { a: string | undefined; b: string } & InferredOptionTypes<typeof DIFF>
>;

export function verifyOptions(yargs: Argv) {
  return yargs
    .usage(
      '$0 verify [SNAPSHOT]\n\nChecks that every file of a snapshot is as it was published, then repeats the checks of its tables.',
    )
    .positional('snapshot', {
      type: 'string',
      default: 'current',
      describe: 'A run id, a folder, or current',
    })
    .options(OUT)
    .requiresArg(Object.keys(OUT))
    .epilogue('Exit codes: 0 verified; 1 not, with a sentence that says what is wrong; 2 wrong usage.');
}

export function runsOptions(yargs: Argv) {
  return yargs
    .usage('$0 runs\n\nLists the snapshots of an output folder, oldest first.')
    .options(RUNS)
    .requiresArg(Object.keys(RUNS));
}

export function diffOptions(yargs: Argv) {
  return yargs
    .usage('$0 diff [A] [B]\n\nSays which rows are new, gone or changed from snapshot A to snapshot B.')
    .positional('a', {
      type: 'string',
      describe: 'A run id, a folder, or current [default: the one before current]',
    })
    .positional('b', { type: 'string', default: 'current', describe: 'As A' })
    .options(DIFF)
    .requiresArg(Object.keys(DIFF))
    .example('$0 diff', 'what the last run changed')
    .example('$0 diff --format json', 'a line for each row, with its key and the columns that changed');
}
