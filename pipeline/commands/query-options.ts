import type { Argv } from 'yargs';
import { OUT, withOptions, type Given, type OptionTable } from './option.js';

const QUERY_OPTIONS = {
  ...OUT,
  snapshot: { type: 'string', default: 'current', describe: 'Another snapshot: its run id, or its folder' },
  format: {
    choices: ['table', 'json', 'csv'] as const,
    default: 'table' as const,
    describe: 'As a table for the eyes, as lines of JSON, or as CSV (RFC 4180)',
  },
  unsafe: {
    type: 'boolean',
    default: false,
    describe: 'Allow all that DuckDB can do: write and read any file, use the network, change settings',
  },
} as const satisfies OptionTable;

export type QueryArguments = { sql?: string | undefined } & Given<typeof QUERY_OPTIONS>;

export function queryOptions(yargs: Argv) {
  const described = yargs
    .usage(
      '$0 query [SQL]\n\nAsks the published tables a question in SQL (DuckDB). Without SQL: lists the tables.',
    )
    .positional('sql', { type: 'string', describe: 'A query; every table is a view of its name' });
  return withOptions(described, QUERY_OPTIONS)
    .epilogue('Without --unsafe a query reads the files of the snapshot and nothing else, and writes none.')
    .example('$0 query', 'the tables, their rows and what they hold')
    .example(`$0 query "SELECT kind, count(*) FROM mismatches GROUP BY kind"`, 'what is wrong, by kind');
}
