import type { DuckDb } from '../engine/duckdb.js';
import { sqlText } from '../engine/sql.js';
import type { CohortSpec } from './spec.js';
import type { Unit } from './unit.js';

/**
 * How alike cases and controls are: standardised differences (Austin 2009), of a share p as
 * (p1 - p0) / sqrt((p1 (1 - p1) + p0 (1 - p0)) / 2), of a number as (mean1 - mean0) / sqrt((var1 + var0) / 2). Below 0.1 in
 * either direction counts as alike. Null where there are no cases, no controls, or nothing that differs.
 */
export interface Balance {
  readonly column: string;
  /** Of a column with values; null for a number, of which the means are compared. */
  readonly value: string | null;
  readonly before: number | null;
  readonly after: number | null;
}

/** So many rows, the sum of a number, and of its square. */
interface Sums {
  readonly value: string;
  readonly isCase: boolean;
  readonly isChosen: boolean;
  readonly rows: number;
  readonly sum: number;
  readonly squares: number;
}

/** Of what is matched on, and of the age where a row has one, before and after. */
export async function balanceOf(db: DuckDb, spec: CohortSpec, unit: Unit): Promise<Balance[]> {
  const balances: Balance[] = [];
  for (const column of spec.match!.on)
    balances.push(...shareBalances(column, await sumsOf(db, unit, column)));
  const ages = await sumsOf(db, unit, 'patient_age_years', true);
  return [...balances, { column: 'patient_age_years', value: null, ...beforeAndAfter(ages, meanDifference) }];
}

async function sumsOf(db: DuckDb, { key }: Unit, column: string, isNumber = false): Promise<Sums[]> {
  const value = isNumber ? sqlText('') : `${column}::VARCHAR`;
  const number = isNumber ? `${column}::DOUBLE` : '0';
  const rows = await db.rows(`SELECT ${value} AS value, is_case, is_chosen, count(*)::DOUBLE AS rows,
  sum(${number})::DOUBLE AS sum, sum(${number} * ${number})::DOUBLE AS squares
FROM candidates JOIN matched USING (${key.join(', ')}) JOIN units USING (${key.join(', ')})
WHERE ${column} IS NOT NULL GROUP BY ALL ORDER BY value, is_case, is_chosen`);
  return rows.map((row) => ({
    value: String(row['value']),
    isCase: row['is_case'] === true,
    isChosen: row['is_chosen'] === true,
    rows: Number(row['rows']),
    sum: Number(row['sum']),
    squares: Number(row['squares']),
  }));
}

function shareBalances(column: string, sums: readonly Sums[]): Balance[] {
  const values = [...new Set(sums.map(({ value }) => value))].sort();
  return values.map((value) => ({
    column,
    value,
    ...beforeAndAfter(sums, (cases, controls) => {
      const of = (group: readonly Sums[]) => group.filter((sum) => sum.value === value);
      return shareDifference(total(of(cases)) / total(cases), total(of(controls)) / total(controls));
    }),
  }));
}

function beforeAndAfter(
  sums: readonly Sums[],
  difference: (cases: readonly Sums[], controls: readonly Sums[]) => number,
): { readonly before: number | null; readonly after: number | null } {
  const between = (of: readonly Sums[]) => {
    const cases = of.filter(({ isCase }) => isCase);
    const found = difference(
      cases,
      of.filter(({ isCase }) => !isCase),
    );
    // Of no rows at all: 0 / 0.
    return Number.isFinite(found) ? Number(found.toFixed(6)) : null;
  };
  return { before: between(sums), after: between(sums.filter(({ isChosen }) => isChosen)) };
}

function total(sums: readonly Sums[]): number {
  return sums.reduce((all, { rows }) => all + rows, 0);
}

/** @param p1 of the cases @param p0 of the controls */
export function shareDifference(p1: number, p0: number): number {
  if (p1 === p0) return 0;
  return (p1 - p0) / Math.sqrt((p1 * (1 - p1) + p0 * (1 - p0)) / 2);
}

function meanDifference(cases: readonly Sums[], controls: readonly Sums[]): number {
  const [one, zero] = [moments(cases), moments(controls)];
  if (one.mean === zero.mean) return 0;
  return (one.mean - zero.mean) / Math.sqrt((one.variance + zero.variance) / 2);
}

function moments(sums: readonly Sums[]): { readonly mean: number; readonly variance: number } {
  const rows = total(sums);
  const mean = sums.reduce((all, { sum }) => all + sum, 0) / rows;
  const squares = sums.reduce((all, { squares }) => all + squares, 0);
  return { mean, variance: (squares - rows * mean * mean) / (rows - 1) };
}
