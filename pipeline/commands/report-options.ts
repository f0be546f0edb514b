import type { Argv } from 'yargs';
import { UsageFault } from '../base/fault.js';
import { OUT, withOptions, type Given, type OptionTable } from './option.js';

export const REPORT_OPTIONS = {
  ...OUT,
  to: {
    type: 'string',
    describe: 'File to write [default: report-<run id>.html in the current folder]',
  },
  'with-ids': {
    type: 'boolean',
    default: false,
    describe: 'Show ids of women and images as examples, and the folders that were read',
  },
  'min-count': {
    type: 'string',
    default: '1',
    describe: 'Hide counts below this one, and others that would tell them; 10 for sharing',
    parse: minCount,
  },
} as const satisfies OptionTable;

export type ReportArguments = { run: string } & Given<typeof REPORT_OPTIONS>;

function minCount(given: string): number {
  if (!/^[1-9]\d{0,3}$/.test(given))
    throw new UsageFault(`--min-count is ${JSON.stringify(given)}: give a whole number from 1 to 9999`);
  return Number(given);
}

export function reportOptions(yargs: Argv) {
  const described = yargs
    .usage(
      '$0 report [RUN]\n\nMakes a page of what is in a snapshot and what is wrong with it. Each snapshot has one, report.html; this makes another of any of them.',
    )
    .positional('run', {
      type: 'string',
      default: 'current',
      describe: 'A run id, a folder, or current',
    });
  return withOptions(described, REPORT_OPTIONS)
    .example('$0 report --min-count 10 --to omi-db.html', 'a page to give away')
    .example('$0 report --with-ids', 'a page for those who may see the data');
}
