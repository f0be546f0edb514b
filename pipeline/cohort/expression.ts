import { UsageFault } from '../base/fault.js';
import type { DuckDb } from '../engine/duckdb.js';
import { sqlText } from '../engine/sql.js';
import { mayBeCalled } from './functions.js';

/**
 * SQL of a spec, which may come from anybody: one expression over the columns of one row, that reads nothing else and gives
 * the same for the same row. It is looked at as DuckDB's parser understands it before any of it is prepared.
 */

/** Deeper or longer is no condition that a person wrote. */
const CHARACTERS_AT_MOST = 10_000;

/** What an expression may be made of; subqueries, windows, `*` and parameters are not among it. */
const ALLOWED = new Set([
  'BETWEEN',
  'CASE',
  'CAST',
  'COLLATE',
  'COLUMN_REF',
  'COMPARISON',
  'CONJUNCTION',
  'CONSTANT',
  'FUNCTION',
  'LAMBDA',
  'OPERATOR',
]);

/** A name of a column as it stands in an expression: `a`, or `side_b`, `a`. */
export type ColumnPath = readonly string[];

/** Columns and functions that an expression names. */
export interface Names {
  readonly columns: readonly ColumnPath[];
  readonly functions: readonly string[];
}

/** A part of the tree that json_serialize_sql gives. */
interface Part {
  readonly class?: string;
  readonly [key: string]: unknown;
}

interface Parsed {
  readonly error: boolean;
  readonly error_message?: string;
  readonly statements?: readonly { readonly node: Part & { readonly select_list?: readonly Part[] } }[];
}

/**
 * The names in an expression.
 * @param where it stands, for the sentence: `step "No implant"`
 * @throws UsageFault for what is no single expression, or does more than look at a row
 */
export async function namesIn(db: DuckDb, sql: string, where: string): Promise<Names> {
  if (sql.length > CHARACTERS_AT_MOST)
    throw new UsageFault(`${where}: the SQL is longer than ${CHARACTERS_AT_MOST} characters`);
  const parsed = await parse(db, sql);
  if (parsed.error) throw new UsageFault(`${where}: ${parsed.error_message ?? 'not SQL'}`);
  const [expression] = parsed.statements?.[0]?.node.select_list ?? [];
  if (expression === undefined || !isAlone(parsed, await parse(db, '1')))
    throw new UsageFault(`${where}: the SQL must be one expression over the columns of a row, and is more`);
  const names = { columns: [] as ColumnPath[], functions: [] as string[] };
  collect(expression, names, where);
  return names;
}

async function parse(db: DuckDb, sql: string): Promise<Parsed> {
  // On lines of its own, so that a comment at its end ends there; as it is asked later.
  const [row] = await db.rows(`SELECT json_serialize_sql(${sqlText(`SELECT\n${sql}\n`)}) AS parsed`);
  return JSON.parse(String(row!['parsed'])) as Parsed;
}

/** Whether nothing but the expression differs from `SELECT 1`: no second one, no alias, no table, no further statement. */
function isAlone(parsed: Parsed, one: Parsed): boolean {
  const [only, ...more] = parsed.statements?.[0]?.node.select_list ?? [];
  return more.length === 0 && only?.['alias'] === '' && aroundText(parsed) === aroundText(one);
}

function aroundText(parsed: Parsed): string {
  return JSON.stringify(parsed, (key, value: unknown) =>
    key === 'select_list' || key === 'query_location' ? undefined : value,
  );
}

/** Goes over all parts, in a list of its own: the depth is the spec's. */
function collect(
  expression: Part,
  names: { readonly columns: ColumnPath[]; readonly functions: string[] },
  where: string,
): void {
  const waiting: { part: unknown; parameters: readonly string[] }[] = [{ part: expression, parameters: [] }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { part } = next;
    if (typeof part !== 'object' || part === null) continue;
    const parameters = [...next.parameters, ...parametersOf(part as Part)];
    takeNames(part as Part, parameters, names, where);
    for (const below of Object.values(part)) waiting.push({ part: below, parameters });
  }
}

function takeNames(
  part: Part,
  parameters: readonly string[],
  names: { readonly columns: ColumnPath[]; readonly functions: string[] },
  where: string,
): void {
  const { class: kind } = part;
  if (kind === undefined) return;
  if (!ALLOWED.has(kind))
    throw new UsageFault(`${where}: ${REFUSED[kind] ?? kind} cannot be used: a condition looks at one row`);
  if (kind === 'COLUMN_REF') {
    const path = part['column_names'] as ColumnPath;
    if (!parameters.includes(path[0]!)) names.columns.push(path);
  }
  if (kind === 'FUNCTION') takeFunction(part, parameters, names, where);
}

const REFUSED: Readonly<Record<string, string>> = {
  SUBQUERY: 'a query within the expression',
  WINDOW: 'a window function',
  STAR: '*',
  PARAMETER: 'a parameter (? or $)',
  POSITIONAL_REFERENCE: 'a column by number (#)',
};

function takeFunction(
  part: Part,
  parameters: readonly string[],
  names: { readonly columns: ColumnPath[]; readonly functions: string[] },
  where: string,
): void {
  const name = String(part['function_name']);
  if (!mayBeCalled(name))
    throw new UsageFault(
      `${where}: the function ${name} cannot be used: it is unknown, not of one row alone, or not the same each time`,
    );
  names.functions.push(name);
  // `views.list_contains('M')` has the column where a schema may stand.
  const { schema } = part;
  if (typeof schema === 'string' && schema !== '' && schema !== 'main' && !parameters.includes(schema))
    names.columns.push([schema]);
}

/** The names that a lambda gives to what it is called with. */
function parametersOf({ class: kind, lhs }: Part): string[] {
  if (kind !== 'LAMBDA') return [];
  const { column_names: names, children } = lhs as {
    readonly column_names?: readonly string[];
    readonly children?: readonly { readonly column_names?: readonly string[] }[];
  };
  return [names, ...(children ?? []).map((child) => child.column_names)].flatMap((path) => path?.[0] ?? []);
}
