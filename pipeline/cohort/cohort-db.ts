import { join } from 'node:path';
import { EnvironmentFault } from '../base/fault.js';
import type { DuckDb } from '../engine/duckdb.js';
import { parquetRows, sqlName } from '../engine/sql.js';
import { checkColumns, checkType, columnTypes, firstLine, typeOf } from './check-columns.js';
import { columnPaths, sideNames } from './columns.js';
import { namesIn, type Names } from './expression.js';
import { expressionsOf } from './expressions.js';
import { labelSql } from './lines.js';
import { joinSides } from './side-tables.js';
import { missingTable, type SourceSnapshot } from './source-tables.js';
import type { CohortSpec } from './spec.js';
import { UNIT_OF, type Unit } from './unit.js';

/** What the SQL of a spec names, by where it stands. */
export type SpecNames = ReadonlyMap<string, Names>;

/** A statement, to read. */
export interface Explained {
  readonly title: string;
  readonly sql: string;
}

/** A spec whose SQL was looked at, and the views that it is asked of. */
export interface CheckedSpec {
  readonly spec: CohortSpec;
  readonly unit: Unit;
  /** Tables of the snapshot that are read, side tables among them. */
  readonly tables: readonly string[];
  /** DuckDB's type of each column of a labelled row. */
  readonly types: ReadonlyMap<string, string>;
  readonly views: readonly Explained[];
}

/**
 * Looks at all SQL of a spec as DuckDB's parser sees it, before there is anything that it could read.
 * @throws UsageFault for what is no expression over a row
 */
export async function parseExpressions(db: DuckDb, spec: CohortSpec): Promise<SpecNames> {
  const names = new Map<string, Names>();
  for (const { sql, where } of expressionsOf(spec)) names.set(where, await namesIn(db, sql, where));
  return names;
}

/** Tables of the snapshot that a spec reads, side tables at the end. */
export function tablesOf(spec: CohortSpec, names: SpecNames): string[] {
  return [...UNIT_OF[spec.unit].tables, ...sidesOf(spec, names)];
}

function sidesOf(spec: CohortSpec, names: SpecNames): string[] {
  return sideNames([...names.values()].flatMap(({ columns }) => columns).concat(columnPaths(spec)));
}

/**
 * Makes the views that a cohort is chosen from: one for each table, `units`, and `labelled` with the label; and looks
 * whether there is every column, and whether conditions are conditions.
 * @throws UsageFault for a column that there is not, and what DuckDB cannot do; EnvironmentFault for a missing table
 */
export async function openUnits(
  db: DuckDb,
  source: SourceSnapshot,
  spec: CohortSpec,
  names: SpecNames,
): Promise<CheckedSpec> {
  const unit = UNIT_OF[spec.unit];
  const sides = sidesOf(spec, names);
  const tables = tablesOf(spec, names);
  for (const name of tables) await makeTableView(db, source, name);
  const units = joinSides(source, unit, await unitRows(db, unit), sides);
  await db.query(`CREATE VIEW units AS ${units}`);
  await checkColumns(db, spec, names, unit.name, sides);
  const expressions = expressionsOf(spec);
  for (const one of expressions.filter(({ afterLabel }) => !afterLabel)) await checkType(db, one, 'units');
  const labelled = labelSql(spec, (await typeOf(db, spec.label.sql, 'units')) === 'BOOLEAN');
  await db.query(`CREATE VIEW labelled AS ${labelled}`);
  for (const one of expressions.filter(({ afterLabel }) => afterLabel)) await checkType(db, one, 'labelled');
  const views = [
    { title: `the rows that may be chosen: view units`, sql: units },
    { title: 'with the label: view labelled', sql: labelled },
  ];
  return { spec, unit, tables, types: await columnTypes(db, 'labelled'), views };
}

async function makeTableView(
  db: DuckDb,
  { folder, manifest, runId }: SourceSnapshot,
  name: string,
): Promise<void> {
  const table = manifest.tables[name];
  if (table === undefined || table.files.length === 0) throw missingTable(name, runId);
  const files = table.files.map(({ path }) => join(folder, path));
  try {
    await db.query(`CREATE VIEW ${sqlName(name)} AS SELECT * FROM ${parquetRows(files)}`);
  } catch (error) {
    throw new EnvironmentFault(
      `table ${name} of snapshot ${runId} cannot be read (${firstLine(error)}): omidb-etl verify says what is damaged`,
    );
  }
}

async function unitRows(db: DuckDb, unit: Unit): Promise<string> {
  const columns = new Map<string, readonly string[]>();
  for (const table of unit.tables) columns.set(table, [...(await columnTypes(db, table)).keys()]);
  return unit.sql((table) => columns.get(table)!);
}
