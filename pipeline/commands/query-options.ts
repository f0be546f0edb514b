import type { ArgumentsCamelCase, Argv, InferredOptionTypes } from 'yargs';

const OPTIONS = {
  out: { type: 'string', default: 'output', describe: 'Folder that snapshots are published in' },
  snapshot: { type: 'string', default: 'current', describe: 'Another snapshot: its run id, or its folder' },
  format: {
    choices: ['table', 'json'] as const,
    default: 'table' as const,
    describe: 'How to print the result',
  },
} as const;

const WITH_VALUE = Object.keys(OPTIONS);

export type QueryArguments = ArgumentsCamelCase<
  { sql: string | undefined } & InferredOptionTypes<typeof OPTIONS>
>;

export function queryOptions(yargs: Argv) {
  return (
    yargs
      .usage(
        '$0 query [SQL]\n\nAsks the published tables a question in SQL (DuckDB). Without SQL: lists the tables.',
      )
      .positional('sql', { type: 'string', describe: 'A query; every table is a view of its name' })
      .options(OPTIONS)
      // A forgotten value is a mistake, not the empty text.
      .requiresArg(WITH_VALUE)
      .example('$0 query', 'the tables, their rows and what they hold')
      .example(`$0 query "SELECT kind, count(*) FROM mismatches GROUP BY kind"`, 'what is wrong, by kind')
  );
}
