/** What a cohort is made of, as schemas/cohorts/cohort.schema.json has it. */

export const UNITS = ['exam', 'breast', 'image', 'box'] as const;
export type UnitName = (typeof UNITS)[number];

/** A line of the flow; one of `keep` and `drop` is there. */
export interface SpecStep {
  readonly name: string;
  readonly keep?: string;
  readonly drop?: string;
}

export interface SpecLabel {
  readonly name: string;
  readonly description?: string;
  readonly sql: string;
  readonly require?: string;
}

export interface SpecMatch {
  readonly cases: string;
  readonly on: readonly string[];
  readonly ratio: number;
}

/** A spec as its author wrote it: cohort.json repeats it. */
export interface CohortSpec {
  readonly name: string;
  readonly description?: string;
  readonly unit: UnitName;
  readonly steps: readonly SpecStep[];
  readonly label: SpecLabel;
  readonly columns?: readonly string[];
  /** Shares by split; `hold_out` holds conditions by split. */
  readonly split: Readonly<Record<string, number | Readonly<Record<string, string>>>>;
  readonly match?: SpecMatch;
}

export interface Share {
  readonly split: string;
  readonly share: number;
}

/** The splits and their shares, in the order of the spec. */
export function shares({ split }: CohortSpec): Share[] {
  return Object.entries(split).flatMap(([name, share]) =>
    typeof share === 'number' ? [{ split: name, share }] : [],
  );
}

export interface HoldOut {
  readonly split: string;
  readonly sql: string;
}

/** Whose women go to a split whatever their number, in the order of the spec. */
export function holdOuts({ split }: CohortSpec): HoldOut[] {
  const given = split['hold_out'];
  if (typeof given !== 'object') return [];
  return Object.entries(given).map(([name, sql]) => ({ split: name, sql }));
}
