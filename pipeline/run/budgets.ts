import type { Basis } from '../../schemas/mismatch-kind.js';
import { isMismatchKind, MISMATCH_KINDS, type MismatchKind } from '../../schemas/mismatch-kinds.js';
import { parseAmount, wholeAmount, type Amount } from '../base/amount.js';
import { UsageFault } from '../base/fault.js';
import type { BudgetResult } from '../snapshot/manifest.js';

/** How many mismatches of a kind a run may have. */
export interface Budget {
  /** As the user gave it, e.g. `dicom_missing=2%`. */
  readonly text: string;
  readonly kind: MismatchKind;
  /** A percentage is one of the rows of the kind's table (see Basis). */
  readonly amount: Amount;
}

/** Reads `KIND=N` or `KIND=P%`. @throws UsageFault when it cannot be understood */
export function parseBudget(text: string): Budget {
  const parsed = parseAmount(text);
  if (parsed === null)
    throw new UsageFault(
      `--max-mismatches: ${JSON.stringify(text)} is no budget: give KIND=N or KIND=P%, e.g. dicom_missing=3`,
    );
  const { what, amount } = parsed;
  if (!isMismatchKind(what))
    throw new UsageFault(
      `--max-mismatches: there is no mismatch kind ${what}: docs/mismatches.md lists them`,
    );
  return { text, kind: what, amount };
}

/** Compares budgets with what a snapshot has. `rows` are those of the tables that percentages are of. */
export function checkBudgets(
  budgets: readonly Budget[],
  byKind: Partial<Record<MismatchKind, number>>,
  rows: Readonly<Record<Basis, number>>,
): BudgetResult[] {
  return budgets.map(({ text, kind, amount }) => {
    const table = MISMATCH_KINDS[kind].per;
    const found = byKind[kind] ?? 0;
    const allowed = wholeAmount(amount, rows[table]);
    const of = amount.isPercent ? { table, rows: rows[table] } : null;
    return { budget: text, kind, allowed, found, of, over: Math.max(0, found - allowed) };
  });
}
