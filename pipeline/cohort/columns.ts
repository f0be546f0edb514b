import { UsageFault } from '../base/fault.js';
import type { DuckDb } from '../engine/duckdb.js';
import { sqlText } from '../engine/sql.js';
import type { ColumnPath } from './expression.js';
import type { CohortSpec } from './spec.js';

/** Columns that SQL of a spec may name. */
export interface KnownColumns {
  /** Of what, for the sentence: `exam`. */
  readonly unit: string;
  readonly own: readonly string[];
  /** Columns of each side table that the spec names, by `side_NAME`. */
  readonly sides: ReadonlyMap<string, readonly string[]>;
}

/** The columns that a spec asks for, as they stand in SQL. */
export function columnPaths({ columns = [] }: CohortSpec): ColumnPath[] {
  return columns.map((name) => name.split('.'));
}

/** Names of side tables in columns, e.g. `side_density`, sorted. */
export function sideNames(paths: readonly ColumnPath[]): string[] {
  const names = paths.filter((path) => path.length > 1).map(([table]) => table!.toLowerCase());
  return [...new Set(names.filter((name) => name.startsWith('side_')))].sort();
}

/**
 * Refuses a column that there is not.
 * @param where it is named, for the sentence
 * @throws UsageFault with the nearest names, then all
 */
export async function assertKnown(
  db: DuckDb,
  paths: readonly ColumnPath[],
  known: KnownColumns,
  where: string,
): Promise<void> {
  for (const [first, second] of paths) {
    const side = known.sides.get(first!.toLowerCase());
    if (side !== undefined && second !== undefined) {
      if (!has(side, second)) throw await unknown(db, second, first!, side, where);
    } else if (!has(known.own, first!)) throw await unknown(db, first!, known.unit, known.own, where);
  }
}

/** As DuckDB does, which takes capitals for small letters. */
function has(names: readonly string[], name: string): boolean {
  return names.some((other) => other.toLowerCase() === name.toLowerCase());
}

async function unknown(
  db: DuckDb,
  name: string,
  of: string,
  names: readonly string[],
  where: string,
): Promise<UsageFault> {
  const near = await nearest(db, name, names);
  return new UsageFault(
    `${where}: ${of} has no column ${name}: nearest are ${near.join(', ')}; all are ${names.join(', ')}`,
  );
}

async function nearest(db: DuckDb, name: string, names: readonly string[]): Promise<string[]> {
  const list = names.map(sqlText).join(', ');
  const rows = await db.rows(
    `SELECT name FROM unnest([${list}]) AS names(name) ORDER BY levenshtein(name, ${sqlText(name.toLowerCase())}), name LIMIT 3`,
  );
  return rows.map((row) => String(row['name']));
}
