import { MISMATCH_KINDS, type Basis, type MismatchKind } from '../../schemas/mismatch-kinds.js';
import { UsageFault } from '../base/fault.js';
import type { BudgetResult } from '../snapshot/manifest.js';

/** How many mismatches of a kind a run may have. */
export interface Budget {
  /** As the user gave it, e.g. `dicom_missing=2%`. */
  readonly text: string;
  readonly kind: MismatchKind;
  readonly limit: number;
  /** True when `limit` is a percentage of the rows of the kind's table (see Basis). */
  readonly isPercent: boolean;
}

/** Reads `KIND=N` or `KIND=P%`. @throws UsageFault when it cannot be understood */
export function parseBudget(text: string): Budget {
  const [, kind, limit, percent] = /^([a-z_]+)=(\d{1,9}(?:\.\d{1,6})?)(%?)$/.exec(text) ?? [];
  const isPercent = percent === '%';
  if (kind === undefined || limit === undefined || (!isPercent && limit.includes('.')))
    throw new UsageFault(
      `--max-mismatches: ${JSON.stringify(text)} is no budget: give KIND=N or KIND=P%, e.g. dicom_missing=3`,
    );
  if (!Object.hasOwn(MISMATCH_KINDS, kind))
    throw new UsageFault(
      `--max-mismatches: there is no mismatch kind ${kind}: docs/mismatches.md lists them`,
    );
  return { text, kind: kind as MismatchKind, limit: Number(limit), isPercent };
}

/** Compares budgets with what a snapshot has. `rows` are those of the tables that percentages are of. */
export function checkBudgets(
  budgets: readonly Budget[],
  byKind: Partial<Record<MismatchKind, number>>,
  rows: Readonly<Record<Basis, number>>,
): BudgetResult[] {
  return budgets.map(({ text, kind, limit, isPercent }) => {
    const table = MISMATCH_KINDS[kind].per;
    const found = byKind[kind] ?? 0;
    const allowed = isPercent ? wholePercent(limit, rows[table]) : limit;
    const of = isPercent ? { table, rows: rows[table] } : null;
    return { budget: text, kind, allowed, found, of, over: Math.max(0, found - allowed) };
  });
}

/** A percentage of a number, rounded down: half a mismatch is none. Exact, which floating point is not. */
function wholePercent(percent: number, of: number): number {
  return Number((BigInt(Math.round(percent * 1e6)) * BigInt(of)) / 100_000_000n);
}
