import type { Argv } from 'yargs';
import type { Budget } from '../run/budgets.js';
import { LOG_LEVELS } from '../run/log-level.js';
import type { SideTableOption } from '../stages/side/side-file.js';
import { FORMAT_NAMES } from '../stages/write/formats.js';
import { OUT, withOptions, type Given, type OptionTable, type Values } from './option.js';
import { clientsToLeaveOut, clientsToTake } from './client-list.js';
import {
  budgets,
  filesAhead,
  keep,
  months,
  optionalPath,
  shareToVerify,
  sideTables,
  workers,
} from './option-values.js';

const INPUT = 'Input:';
const MONTHS = 'Outcome of episodes, in months:';
const OUTPUT = 'Output:';
const RUNNING = 'Running:';

/** Options of `omidb-etl run`, in the order in which the help and docs/running.md list them. */
export const RUN_OPTIONS = {
  'data-dir': {
    type: 'string',
    describe: 'The data tree, when DATABASE does not hold it',
    group: INPUT,
  },
  'images-dir': {
    type: 'string',
    describe: 'The images tree, when DATABASE does not hold it',
    group: INPUT,
  },
  'nbss-dir': {
    type: 'string',
    describe: 'A third tree that holds the NBSS files, where they lie apart',
    group: INPUT,
  },
  'follow-links': {
    type: 'boolean',
    default: false,
    describe: 'Follow links that lead out of the trees',
    readme:
      'follow symbolic links that lead out of the trees too. Without it a link is followed where it stays within them, and is a mismatch (`link_outside`) where it does not',
    group: INPUT,
    manifest: 'follow_links',
  },
  'clients-file': {
    type: 'string',
    describe: 'Take only these clients: a file with one a line, # for comments',
    readme:
      'take only these clients: a file with one id a line, `#` for comments. Any other line is refused, and so is an id that no tree has',
    group: INPUT,
    parse: clientsToTake,
    manifest: 'clients_file',
  },
  'exclude-clients-file': {
    type: 'string',
    describe: 'Leave these clients out: a file as above',
    readme:
      'leave these clients out: a file as above. An empty file is refused, one with comments only leaves nobody out. An id that differs from one of a tree in case or zeros only is refused too',
    group: INPUT,
    parse: clientsToLeaveOut,
    manifest: 'exclude_clients_file',
  },
  'allow-unknown-clients': {
    type: 'boolean',
    default: false,
    describe: 'Go on when a list names clients that no tree has',
    readme: 'go on when a list names clients that no tree has; they are listed in `manifest.json`',
    group: INPUT,
    manifest: 'allow_unknown_clients',
  },
  tags: {
    type: 'string',
    describe: 'Another selection of DICOM tags: a CSV file (see docs/dicom.md)',
    readme: 'another selection of DICOM tags, see [your own tags](dicom.md#your-own-dicom-tags)',
    group: INPUT,
    parse: optionalPath,
    manifest: 'tags_file',
  },
  'tags-add': {
    type: 'string',
    describe: 'DICOM tags beside the selection: a CSV file of the same form',
    readme: 'DICOM tags beside the selection, see [your own tags](dicom.md#your-own-dicom-tags)',
    group: INPUT,
    parse: optionalPath,
    manifest: 'tags_add_file',
  },
  'side-table': {
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    defaultDescription: 'none',
    describe: 'A table of your own: NAME=FILE.csv becomes side_NAME',
    readme:
      '`NAME=FILE.csv`: a table of your own, which becomes `side_NAME`, see [side tables](side-tables.md). May be given more than once',
    group: INPUT,
    parse: sideTables,
    manifest: 'side_tables',
    echo: (given: readonly SideTableOption[]) => given.map(({ name, path }) => `${name}=${path}`),
  },
  'months-ci-prior': {
    type: 'string',
    describe: 'At most so long before an interval cancer, an episode is its prior (CIP) [default: unset]',
    readme:
      'at most so many months before an interval cancer, an episode is its prior. Unset: up to the next episode',
    group: MONTHS,
    parse: months('months-ci-prior'),
    manifest: 'months_ci_prior',
  },
  'months-cancer-prior': {
    type: 'string',
    describe: 'At most so long before a malignant episode, an episode is its prior (MP) [default: unset]',
    readme:
      'at most so many months before a malignant episode, an episode is its prior. Unset: up to the next episode',
    group: MONTHS,
    parse: months('months-cancer-prior'),
    manifest: 'months_cancer_prior',
  },
  'months-normal-follow-up': {
    type: 'string',
    describe: 'A normal outcome needs an episode without cancer after more than so long [default: unset]',
    readme:
      'a normal outcome needs a later episode without cancer after more than so many months. Unset: it needs none',
    group: MONTHS,
    parse: months('months-normal-follow-up'),
    manifest: 'months_normal_follow_up',
  },
  'months-benign-follow-up': {
    type: 'string',
    describe: 'A benign outcome needs an episode without cancer after more than so long [default: unset]',
    readme: 'the same of a benign outcome',
    group: MONTHS,
    parse: months('months-benign-follow-up'),
    manifest: 'months_benign_follow_up',
  },
  out: { ...OUT.out, group: OUTPUT },
  format: {
    choices: FORMAT_NAMES,
    default: 'parquet' as const,
    describe: 'arrow: write the tables as Arrow files too, for memory mapping',
    readme: '`arrow`: write the tables as Arrow files too, see [Arrow files](reading.md#arrow-files)',
    group: OUTPUT,
    manifest: 'format',
  },
  full: {
    type: 'boolean',
    default: false,
    describe: 'Read everything, also where nothing changed since the current snapshot',
    group: OUTPUT,
    manifest: 'full',
  },
  'verify-content': {
    type: 'string',
    describe: 'In each run, read so much again of what seems unchanged: P%, the longest unread first',
    readme:
      '`P%`: read again, in each run, this share of the client ranges in which nothing seems changed, those first that were not read for longest, see [files that change unseen](history.md#files-that-change-unseen)',
    group: OUTPUT,
    parse: shareToVerify,
    manifest: 'verify_content',
  },
  keep: {
    type: 'string',
    default: '7',
    describe: 'How many snapshots to keep',
    readme: 'how many snapshots to keep; the oldest are removed after a run, never the current one',
    group: OUTPUT,
    parse: keep,
    manifest: 'keep',
  },
  report: {
    type: 'boolean',
    default: true,
    describe: 'Make report.html in the snapshot; --no-report leaves it out',
    readme:
      'make `report.html` in the snapshot, a page to look at ([what it says](report.md)). `--no-report` leaves it out',
    group: OUTPUT,
  },
  'dry-run': {
    type: 'boolean',
    default: false,
    describe: 'Walk and pair only: say what would be found, publish nothing',
    readme:
      'read folders, imagedb and NBSS files, but no image header; end with the mismatches by kind; publish nothing. `--fail-on` and `--max-mismatches` count',
    group: OUTPUT,
  },
  'plan-file': {
    type: 'string',
    describe: 'With --dry-run: write the plan and the mismatches to this file, a line of JSON each',
    group: OUTPUT,
  },
  json: {
    type: 'boolean',
    default: false,
    describe: 'With --dry-run: print these lines in place of the summary, which is the last',
    group: OUTPUT,
  },
  'fail-on': {
    choices: ['error', 'warning', 'never'] as const,
    default: 'never' as const,
    describe: 'Exit with 3 when there are mismatches of this severity or worse',
    group: OUTPUT,
    manifest: 'fail_on',
  },
  'max-mismatches': {
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    defaultDescription: 'none',
    describe:
      'Exit with 3 when there are more of a kind: KIND=N, or KIND=P% of its clients, studies or images',
    readme:
      '`KIND=N` or `KIND=P%`: exit with 3 when there are more of this kind, see [budgets](gate.md#budgets). May be given more than once',
    group: OUTPUT,
    parse: budgets,
    manifest: 'max_mismatches',
    echo: (given: readonly Budget[]) => given.map(({ text }) => text),
  },
  'max-drop': {
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    defaultDescription: 'clients=2%, others=5%',
    describe:
      'Publish nothing, and exit with 4, when there are fewer than in the current snapshot by more than this: WHAT=N or WHAT=P% (WHAT: clients, studies, images, dicom_files, boxes), or none',
    readme:
      '`WHAT=N` or `WHAT=P%` (`clients`, `studies`, `images`, `dicom_files`, `boxes`): publish nothing, and exit with 4, when they are fewer than in the current snapshot by more than this, see [the gate](gate.md#the-gate). `none`: no limit. May be given more than once. Default: `clients=2%`, the others 5 %, each at least 3',
    group: OUTPUT,
    manifest: 'max_drop',
  },
  gate: {
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    defaultDescription: 'error=5%, damaged files=1%',
    describe:
      'The same when there are more mismatches of a kind than in the current snapshot by more than this: KIND=N or KIND=P%, error=N or error=P%, or none',
    readme:
      '`KIND=N` or `KIND=P%`, `error=N` or `error=P%`: the same when there are more mismatches of a kind, or errors, than in the current snapshot by more than this, see [the gate](gate.md#the-gate). `none`: no limit. May be given more than once',
    group: OUTPUT,
    manifest: 'gate',
  },
  workers: {
    type: 'string',
    defaultDescription: 'the number of cores, at most 8',
    describe: 'Worker threads',
    group: RUNNING,
    parse: workers,
    manifest: 'workers',
  },
  'summary-json': {
    type: 'boolean',
    default: false,
    describe: 'Print the record of the run, as last-run.json has it, to stdout and nothing else',
    readme: 'print the record of the run, as `last-run.json` has it, to stdout and nothing else',
    group: RUNNING,
  },
  'metrics-file': {
    type: 'string',
    describe: 'Write metrics of the run to this file, for the textfile collector of node_exporter',
    readme:
      'write metrics of the run to this file (`….prom`), for the textfile collector of node_exporter, see [scheduling](scheduling.md#prometheus)',
    group: RUNNING,
    parse: optionalPath,
  },
  'read-ahead': {
    type: 'string',
    default: '512',
    describe: 'Files that are read ahead on a slow disk, for those who measure; 0: none',
    readme:
      'how many files are read ahead, at most, where the disk lets one wait (a file server); `0`: none. There is no need to set it',
    group: RUNNING,
    parse: filesAhead,
    manifest: 'read_ahead',
  },
  'log-level': {
    choices: LOG_LEVELS,
    default: 'info' as const,
    describe: 'How much to log',
    group: RUNNING,
  },
  'log-file': {
    type: 'string',
    describe: 'Append the log to this file instead of stderr',
    group: RUNNING,
  },
  'json-logs': {
    type: 'boolean',
    default: false,
    describe: 'Log one JSON object a line',
    group: RUNNING,
  },
  progress: {
    type: 'boolean',
    default: true,
    describe: 'Show progress; --no-progress turns it off',
    readme:
      'on a terminal a bar with clients, images/s and time left; elsewhere a log line every 30 seconds. `--no-progress` turns it off',
    group: RUNNING,
  },
} as const satisfies OptionTable;

export type RunArguments = { database?: string | undefined } & Given<typeof RUN_OPTIONS>;
export type RunValues = Values<typeof RUN_OPTIONS>;

export function runOptions(yargs: Argv) {
  const described = yargs
    .usage(
      '$0 run DATABASE [options]\n\nReads a copy of OMI-DB and publishes a snapshot of its tables under --out.',
    )
    .positional('database', {
      type: 'string',
      describe: 'Folder that holds data/ and images/ (in any case)',
    });
  return withOptions(described, RUN_OPTIONS)
    .example('$0 run /data/omi-db', 'tables under output/current/tables')
    .example('$0 run /data/omi-db --out /tables --fail-on error', 'for a scheduled run')
    .example('$0 run --data-dir /a/DATA --images-dir /b/IMAGES', 'trees on different disks')
    .epilogue(
      'Exit codes: 0 published; 1 failed, nothing published; 2 wrong usage; 3 published, with mismatches at or over --fail-on, or over --max-mismatches; 4 built and verified, but refused by --max-drop or --gate: the current snapshot stays.',
    );
}
