import { table, type Column } from '../column.js';
import { clientId, episodeId, extra, lesionNumber, side } from './keys.js';
import { coverageColumns, rankColumns } from './opinions.js';

const KEY = ['client_id', 'episode_id', 'side', 'lesion_number'] as const;

interface LesionTableFacts<Columns extends readonly Column[]> {
  readonly description: string;
  /** NBSS tables of the procedure. */
  readonly tables: readonly string[];
  /** What the procedure records of a lesion. */
  readonly columns: Columns;
}

/** A table with a row for each lesion seen in a procedure: its key, and what every procedure records, are the same. */
export function lesionTable<const Name extends string, const Columns extends readonly Column[]>(
  name: Name,
  { description, tables, columns }: LesionTableFacts<Columns>,
) {
  return table(name, {
    description,
    key: KEY,
    parents: [{ table: 'lesions', columns: KEY }],
    columns: [
      clientId,
      episodeId,
      side,
      lesionNumber,
      ...columns,
      ...coverageColumns(tables),
      ...rankColumns(tables),
      extra,
    ],
  });
}
