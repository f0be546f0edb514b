import { sqlName } from '../engine/sql.js';
import { holdOuts, type CohortSpec } from './spec.js';
import type { Unit } from './unit.js';

/**
 * The lines of the flow: each says of the rows that are left which stay. What a line cannot tell of a row is neither yes nor
 * no: the row is counted as unknown, and does not stay.
 */
export interface FlowLine {
  /** Counted from 1. */
  readonly number: number;
  readonly name: string;
  /** `keep` and `drop` are steps of the spec; the others follow from the rest of it. */
  readonly kind: 'keep' | 'drop' | 'label' | 'hold_out' | 'earlier_split' | 'match';
  /** The condition as its author wrote it; for lines of no step in words. */
  readonly condition: string;
  /** SQL: true for a row that stays, false for one that does not, null where that cannot be told. */
  readonly told: string;
  /** What the SQL is asked of; it has the columns of the unit. */
  readonly from: string;
}

type Unnumbered = Omit<FlowLine, 'number'>;

/** The lines of a spec. @param keepsSplits whether women stay in splits that they were given earlier */
export function linesOf(spec: CohortSpec, { key }: Unit, keepsSplits: boolean): FlowLine[] {
  const lines: Unnumbered[] = [
    ...spec.steps.map(stepLine),
    labelLine(spec),
    ...holdOuts(spec).map(holdOutLine),
    ...(keepsSplits ? [EARLIER_SPLIT] : []),
    ...(spec.match === undefined ? [] : [matchLine(spec, key)]),
  ];
  return lines.map((line, i) => ({ number: i + 1, ...line }));
}

function stepLine({ name, keep, drop }: CohortSpec['steps'][number]): Unnumbered {
  const condition = keep ?? drop!;
  const told = keep === undefined ? `NOT ${asGroup(condition)}` : asGroup(condition);
  return { name, kind: keep === undefined ? 'drop' : 'keep', condition, told, from: 'units' };
}

/** On lines of its own: a comment at the end of a piece of SQL must not swallow what follows. */
function asGroup(sql: string): string {
  return `(\n${sql}\n)`;
}

/** Where `require` is false the label is not to be told; where it holds, or there is none, an empty label is unknown. */
function labelLine({ label }: CohortSpec): Unnumbered {
  const isThere = `CASE WHEN ${sqlName(label.name)} IS NOT NULL THEN true END`;
  const told = label.require === undefined ? isThere : `${asGroup(label.require)} AND ${isThere}`;
  return {
    name: `${label.name} can be told`,
    kind: 'label',
    condition: label.require ?? `${label.name} is not empty`,
    told,
    from: 'labelled',
  };
}

/**
 * The view `labelled`. The spec says by `require` when no record means no: a condition that is empty there is false. Without
 * `require` nobody says that.
 */
export function labelSql({ label }: CohortSpec, isCondition: boolean): string {
  const value = asGroup(label.sql);
  const told =
    isCondition && label.require !== undefined
      ? `CASE WHEN ${asGroup(label.require)} THEN coalesce(${value}, false) ELSE ${value} END`
      : value;
  return `SELECT *, ${told} AS ${sqlName(label.name)} FROM units`;
}

function holdOutLine({ split, sql }: { readonly split: string; readonly sql: string }): Unnumbered {
  return {
    name: `It can be told whether it is held out for ${split}`,
    kind: 'hold_out',
    condition: sql,
    told: `CASE WHEN ${asGroup(sql)} IS NOT NULL THEN true END`,
    from: 'units',
  };
}

const EARLIER_SPLIT: Unnumbered = {
  name: 'The earlier split can be kept',
  kind: 'earlier_split',
  condition: 'women who must stay together were not in two splits, nor in another than they are held out for',
  told: 'coalesce(can_be_kept, true)',
  from: '(SELECT units.*, can_be_kept FROM units LEFT JOIN earlier_groups USING (split_group))',
};

function matchLine({ match }: CohortSpec, key: readonly string[]): Unnumbered {
  const { cases, on, ratio } = match!;
  return {
    name: 'Cases and their matched controls',
    kind: 'match',
    condition: `cases ${cases}, ${ratio} controls each, matched on ${on.join(', ')}`,
    told: 'is_chosen',
    from: `(SELECT units.*, is_chosen FROM units LEFT JOIN matched USING (${key.join(', ')}))`,
  };
}

/** Puts the rows into `lost` that do not stay. */
export function loseSql({ number, told, from }: FlowLine, { key }: Unit): string {
  const keys = key.join(', ');
  return `INSERT INTO lost
SELECT ${keys}, ${number} AS step, stays IS NULL AS is_unknown
FROM (
  SELECT ${keys}, ${told} AS stays
  FROM ${from} ANTI JOIN lost USING (${keys})
)
WHERE stays IS DISTINCT FROM true`;
}

/** The table of rows that did not stay, and why. */
export function lostTable({ key }: Unit): string {
  return `CREATE TABLE lost AS SELECT ${key.join(', ')}, 0 AS step, false AS is_unknown FROM units LIMIT 0`;
}
