import type { Budget } from '../../run/budgets.js';
import { FORMAT_NAMES } from '../../stages/write/formats.js';
import { budgets, keep, shareToVerify } from '../option-values.js';
import { OUT, type OptionTable } from '../option.js';

const GROUP = 'Output:';

/** Options of `omidb-etl run` that say what is written, and when it is not published. */
export const OUTPUT_OPTIONS = {
  out: { ...OUT.out, group: GROUP },
  format: {
    choices: FORMAT_NAMES,
    default: 'parquet' as const,
    describe: 'arrow: write the tables as Arrow files too, for memory mapping',
    readme: '`arrow`: write the tables as Arrow files too, see [Arrow files](reading.md#arrow-files)',
    group: GROUP,
    manifest: 'format',
  },
  full: {
    type: 'boolean',
    default: false,
    describe: 'Read everything, also where nothing changed since the current snapshot',
    group: GROUP,
    manifest: 'full',
  },
  'verify-content': {
    type: 'string',
    describe: 'In each run, read so much again of what seems unchanged: P%, the longest unread first',
    readme:
      '`P%`: read again, in each run, this share of the client ranges in which nothing seems changed, those first that were not read for longest, see [files that change unseen](history.md#files-that-change-unseen)',
    group: GROUP,
    parse: shareToVerify,
    manifest: 'verify_content',
  },
  keep: {
    type: 'string',
    default: '7',
    describe: 'How many snapshots to keep',
    readme: 'how many snapshots to keep; the oldest are removed after a run, never the current one',
    group: GROUP,
    parse: keep,
    manifest: 'keep',
  },
  report: {
    type: 'boolean',
    default: true,
    describe: 'Make report.html in the snapshot; --no-report leaves it out',
    readme:
      'make `report.html` in the snapshot, a page to look at ([what it says](report.md)). `--no-report` leaves it out',
    group: GROUP,
  },
  'dry-run': {
    type: 'boolean',
    default: false,
    describe: 'Walk and pair only: say what would be found, publish nothing',
    readme:
      'read folders, imagedb and NBSS files, but no image header; end with the mismatches by kind; publish nothing. `--fail-on` and `--max-mismatches` count',
    group: GROUP,
  },
  'plan-file': {
    type: 'string',
    describe: 'With --dry-run: write the plan and the mismatches to this file, a line of JSON each',
    group: GROUP,
  },
  json: {
    type: 'boolean',
    default: false,
    describe: 'With --dry-run: print these lines in place of the summary, which is the last',
    group: GROUP,
  },
  'fail-on': {
    choices: ['error', 'warning', 'never'] as const,
    default: 'never' as const,
    describe: 'Exit with 3 when there are mismatches of this severity or worse',
    group: GROUP,
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
    group: GROUP,
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
    group: GROUP,
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
    group: GROUP,
    manifest: 'gate',
  },
} as const satisfies OptionTable;
