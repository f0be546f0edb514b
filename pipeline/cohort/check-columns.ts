import { UsageFault } from '../base/fault.js';
import type { DuckDb } from '../engine/duckdb.js';
import { sqlName } from '../engine/sql.js';
import { assertKnown, columnPaths } from './columns.js';
import type { Names } from './expression.js';
import { expressionsOf, type SpecExpression } from './expressions.js';
import type { CohortSpec } from './spec.js';

/** Columns that a cohort has whatever its spec. */
const WRITTEN = ['split', 'split_group', 'match_set'];

/**
 * Looks whether there is every column that a spec names, in its SQL and elsewhere.
 * @param unit the name of its rows; the view `units` has them
 * @throws UsageFault for the first that there is not
 */
export async function checkColumns(
  db: DuckDb,
  spec: CohortSpec,
  names: ReadonlyMap<string, Names>,
  unit: string,
  sides: readonly string[],
): Promise<void> {
  const own = [...(await columnTypes(db, 'units')).keys()].filter((name) => !sides.includes(name));
  const bySide = new Map<string, readonly string[]>();
  for (const side of sides) bySide.set(side, [...(await columnTypes(db, side)).keys()]);
  const known = { unit, own, sides: bySide };
  const { label, match } = spec;
  if (own.includes(label.name) || WRITTEN.includes(label.name))
    throw new UsageFault(
      `label ${label.name} has the name of a column of ${unit}: give it a name of its own`,
    );
  const withLabel = { ...known, own: [...own, label.name] };
  for (const { where, afterLabel } of expressionsOf(spec))
    await assertKnown(db, names.get(where)!.columns, afterLabel ? withLabel : known, where);
  await assertKnown(db, columnPaths(spec), known, 'columns');
  await assertKnown(db, match?.on.map((name) => [name]) ?? [], known, 'on of match');
}

/**
 * Looks whether DuckDB understands an expression, and a condition is one.
 * @param view that it is asked of
 * @throws UsageFault
 */
export async function checkType(
  db: DuckDb,
  { sql, where, isCondition }: SpecExpression,
  view: string,
): Promise<void> {
  let type: string;
  try {
    type = await typeOf(db, sql, view);
  } catch (error) {
    throw new UsageFault(`${where}: ${firstLine(error)}`);
  }
  if (isCondition && type !== 'BOOLEAN')
    throw new UsageFault(`${where}: a condition is true or false, and this is ${type}`);
}

/** Of what DuckDB says; the rest shows the query. */
export function firstLine(error: unknown): string {
  return (error as Error).message.split('\n')[0]!;
}

/** DuckDB's type of an expression. */
export async function typeOf(db: DuckDb, sql: string, view: string): Promise<string> {
  const [row] = await db.rows(`DESCRIBE SELECT (\n${sql}\n) AS x FROM ${view}`);
  return String(row!['column_type']);
}

/** DuckDB's type of each column of a table or view, in order. */
export async function columnTypes(db: DuckDb, table: string): Promise<Map<string, string>> {
  const rows = await db.rows(`DESCRIBE SELECT * FROM ${sqlName(table)}`);
  return new Map(rows.map((row) => [String(row['column_name']), String(row['column_type'])]));
}
