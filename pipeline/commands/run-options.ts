import type { ArgumentsCamelCase, Argv, InferredOptionTypes } from 'yargs';

const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;

function months(describe: string) {
  return {
    type: 'string',
    describe: `${describe} [default: unset]`,
    group: 'Outcome of episodes, in months:',
  } as const;
}

/** Options of `omidb-etl run`. Every path and id is declared a string: yargs turns bare digits into numbers. */
const OPTIONS = {
  'data-dir': { type: 'string', describe: 'The data tree, when DATABASE does not hold it', group: 'Input:' },
  'images-dir': {
    type: 'string',
    describe: 'The images tree, when DATABASE does not hold it',
    group: 'Input:',
  },
  'nbss-dir': {
    type: 'string',
    describe: 'A third tree that holds the NBSS files, where they lie apart',
    group: 'Input:',
  },
  'clients-file': {
    type: 'string',
    describe: 'Take only these clients: a file with one a line, # for comments',
    group: 'Input:',
  },
  'exclude-clients-file': {
    type: 'string',
    describe: 'Leave these clients out: a file as above',
    group: 'Input:',
  },
  tags: {
    type: 'string',
    describe: 'Another selection of DICOM tags: a CSV file (see the README)',
    group: 'Input:',
  },
  'months-ci-prior': months('At most so long before an interval cancer, an episode is its prior (CIP)'),
  'months-cancer-prior': months('At most so long before a malignant episode, an episode is its prior (MP)'),
  'months-normal-follow-up': months(
    'A normal outcome needs an episode without cancer after more than so long',
  ),
  'months-benign-follow-up': months(
    'A benign outcome needs an episode without cancer after more than so long',
  ),
  out: {
    type: 'string',
    default: 'output',
    describe: 'Folder that snapshots are published in',
    group: 'Output:',
  },
  format: {
    choices: ['parquet', 'arrow'] as const,
    default: 'parquet' as const,
    describe: 'arrow: write the tables as Arrow files too, for memory mapping',
    group: 'Output:',
  },
  full: {
    type: 'boolean',
    default: false,
    describe: 'Read everything, also where nothing changed since the current snapshot',
    group: 'Output:',
  },
  keep: { type: 'string', default: '7', describe: 'How many snapshots to keep', group: 'Output:' },
  'dry-run': {
    type: 'boolean',
    default: false,
    describe: 'Walk and pair only: print the plan and the mismatches, publish nothing',
    group: 'Output:',
  },
  'fail-on': {
    choices: ['error', 'warning', 'never'] as const,
    default: 'never' as const,
    describe: 'Exit with 3 when there are mismatches of this severity or worse',
    group: 'Output:',
  },
  'max-mismatches': {
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    defaultDescription: 'none',
    describe:
      'Exit with 3 when there are more of a kind: KIND=N, or KIND=P% of its clients, studies or images',
    group: 'Output:',
  },
  workers: { type: 'string', describe: 'Worker threads [default: the number of cores]', group: 'Running:' },
  'log-level': {
    choices: LOG_LEVELS,
    default: 'info' as const,
    describe: 'How much to log',
    group: 'Running:',
  },
  'log-file': {
    type: 'string',
    describe: 'Append the log to this file instead of stderr',
    group: 'Running:',
  },
  'json-logs': { type: 'boolean', default: false, describe: 'Log one JSON object a line', group: 'Running:' },
  progress: {
    type: 'boolean',
    default: true,
    describe: 'Show progress; --no-progress turns it off',
    group: 'Running:',
  },
} as const;

const WITH_VALUE = Object.entries(OPTIONS).flatMap(([name, option]) =>
  'type' in option && option.type === 'boolean' ? [] : [name],
);

/** Options of which every value counts, in both spellings of yargs. */
export const REPEATABLE_OPTIONS: ReadonlySet<string> = new Set(['max-mismatches', 'maxMismatches']);

export type RunArguments = ArgumentsCamelCase<
  { database: string | undefined } & InferredOptionTypes<typeof OPTIONS>
>;

export function runOptions(yargs: Argv) {
  return (
    yargs
      .usage(
        '$0 run DATABASE [options]\n\nReads a copy of OMI-DB and publishes a snapshot of its tables under --out.',
      )
      .positional('database', {
        type: 'string',
        describe: 'Folder that holds data/ and images/ (in any case)',
      })
      .options(OPTIONS)
      // A forgotten value is a mistake, not the empty text.
      .requiresArg(WITH_VALUE)
      .example('$0 run /data/omi-db', 'tables under output/current/tables')
      .example('$0 run /data/omi-db --out /tables --fail-on error', 'for a scheduled run')
      .example('$0 run --data-dir /a/DATA --images-dir /b/IMAGES', 'trees on different disks')
      .epilogue(
        'Exit codes: 0 published; 1 failed, nothing published; 2 wrong usage; 3 published, with mismatches at or over --fail-on, or over --max-mismatches.',
      )
  );
}
