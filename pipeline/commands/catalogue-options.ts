import type { Argv } from 'yargs';
import { OUT, withOptions, type Given, type OptionTable } from './option.js';

const CATALOGUE_OPTIONS = {
  ...OUT,
  snapshot: { type: 'string', default: 'current', describe: 'Another snapshot: its run id, or its folder' },
  'relative-to': {
    type: 'string',
    describe: 'Paths count from this folder, in which the catalogue must then be opened',
  },
} as const satisfies OptionTable;

export type CatalogueArguments = { file: string } & Given<typeof CATALOGUE_OPTIONS>;

export function catalogueOptions(yargs: Argv) {
  const described = yargs
    .usage(
      '$0 catalogue FILE.duckdb\n\nMakes a DuckDB file of views over a snapshot, with comments, that opens from any folder.',
    )
    .positional('file', { type: 'string', demandOption: true, describe: 'The file to write' });
  return withOptions(described, CATALOGUE_OPTIONS)
    .epilogue(
      'It is of the snapshot that is current now, and stays so: make it again after a run. A file that is anything else is not replaced.',
    )
    .example('$0 catalogue omi-db.duckdb', 'then: duckdb omi-db.duckdb "FROM exams LIMIT 5"');
}
