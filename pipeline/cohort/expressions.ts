import { holdOuts, type CohortSpec } from './spec.js';

/** SQL of a spec and where it stands. */
export interface SpecExpression {
  readonly sql: string;
  /** For sentences: `step 2, "No implant"`. */
  readonly where: string;
  /** Whether it must be true or false. */
  readonly isCondition: boolean;
  /** Whether it may name the label. */
  readonly afterLabel: boolean;
}

/** Every piece of SQL of a spec, in the order in which they are used. */
export function expressionsOf(spec: CohortSpec): SpecExpression[] {
  const { steps, label, match } = spec;
  const condition = { isCondition: true, afterLabel: false };
  return [
    ...steps.map(({ name, keep, drop }, i) => ({
      sql: keep ?? drop!,
      where: `step ${i + 1}, ${JSON.stringify(name)}`,
      ...condition,
    })),
    ...(label.require === undefined
      ? []
      : [{ sql: label.require, where: 'require of the label', ...condition }]),
    { sql: label.sql, where: `label ${label.name}`, isCondition: false, afterLabel: false },
    ...holdOuts(spec).map(({ split, sql }) => ({ sql, where: `hold_out of ${split}`, ...condition })),
    ...(match === undefined
      ? []
      : [{ sql: match.cases, where: 'cases of match', isCondition: true, afterLabel: true }]),
  ];
}
