import { Fault, type FaultCode } from '../base/fault.js';
import type { BudgetResult } from '../snapshot/manifest.js';
import type { MismatchCounts } from '../stages/write/mismatches.js';

/** Exit codes, part of the contract. */
export const EXIT = {
  published: 0,
  failed: 1,
  usage: 2,
  /** Published, with mismatches at or over --fail-on, or over --max-mismatches. */
  mismatches: 3,
  /** Built and verified, and refused by the gate: the current snapshot stays. */
  refused: 4,
} as const;

const EXIT_OF_FAULT: Readonly<Record<FaultCode, number>> = {
  environment: EXIT.failed,
  verification: EXIT.failed,
  refused: EXIT.refused,
  query: EXIT.failed,
  interrupted: EXIT.failed,
  too_large: EXIT.failed,
  usage: EXIT.usage,
};

/** The exit code of an error; null for a fault of the program, of which the user is told more than its message. */
export function exitCodeOf(error: unknown): number | null {
  return error instanceof Fault ? EXIT_OF_FAULT[error.code] : null;
}

/** The severity from which on mismatches count. */
export type FailOn = 'error' | 'warning' | 'never';

/** The exit code of a run that published, or had nothing to publish. */
export function exitCodeOfRun(
  {
    mismatches,
    budgets,
  }: Readonly<{
    mismatches: Pick<MismatchCounts, 'by_severity'>;
    budgets: readonly BudgetResult[];
  }>,
  failOn: FailOn,
): number {
  if (budgets.some(({ over }) => over > 0)) return EXIT.mismatches;
  const { error, warning } = mismatches.by_severity;
  const count = { error, warning: error + warning, never: 0 }[failOn];
  return count > 0 ? EXIT.mismatches : EXIT.published;
}
