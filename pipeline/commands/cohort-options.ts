import type { Argv } from 'yargs';
import { UsageFault } from '../base/fault.js';
import { OUT, withOptions, type Given, type OptionTable } from './option.js';

export const COHORT_OPTIONS = {
  ...OUT,
  snapshot: { type: 'string', describe: 'Another snapshot: its run id, or its folder [default: current]' },
  to: { type: 'string', describe: 'Folder to write to [default: cohorts/NAME]' },
  seed: {
    type: 'string',
    describe: 'Another share-out of women, and other controls [default: by split_point]',
    parse: (given: string | undefined) => (given === undefined ? null : wholeNumber('seed', given)),
  },
  'keep-splits': {
    type: 'string',
    describe: 'Folder of an earlier cohort, whose women stay in their splits',
  },
  'min-count': {
    type: 'string',
    describe: 'Counts below it are masked in table1 [default: 5]',
    parse: (given: string | undefined) => (given === undefined ? null : wholeNumber('min-count', given)),
  },
  export: {
    type: 'string',
    describe: 'Files for other programs too: mirai, coco, nyu-csv, with commas between',
  },
  list: { type: 'boolean', default: false, describe: 'List the cohorts that come with the program' },
  explain: {
    type: 'boolean',
    default: false,
    describe: 'Print the SQL of each step, and write nothing',
  },
} as const satisfies OptionTable;

export type CohortArguments = { cohort?: string | undefined } & Given<typeof COHORT_OPTIONS>;

function wholeNumber(option: string, given: string): number {
  if (!/^(?:0|[1-9]\d{0,8})$/.test(given))
    throw new UsageFault(`--${option} is ${JSON.stringify(given)}: give a whole number from 0 to 999999999`);
  return Number(given);
}

export function cohortOptions(yargs: Argv) {
  const described = yargs
    .usage(
      '$0 cohort NAME|SPEC.yaml|cohort.json\n\nMakes a training set from a published snapshot, with every exclusion counted.',
    )
    .positional('cohort', {
      type: 'string',
      describe: 'One of --list, a spec of your own, or the cohort.json of a cohort, to make the same again',
    });
  return withOptions(described, COHORT_OPTIONS)
    .epilogue(
      'Exit codes: 0 written; 1 not, since a table is missing or a woman would be in two splits; 2 wrong usage, or a spec that cannot be done.',
    )
    .example('$0 cohort --list', 'the cohorts that there are')
    .example('$0 cohort cancer-detection-4view', 'write one to cohorts/cancer-detection-4view')
    .example('$0 cohort mine.yaml --explain', 'what a spec of your own does');
}
