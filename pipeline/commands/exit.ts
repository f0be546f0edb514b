import { Fault, type FaultCode } from '../base/fault.js';

/** Exit codes, part of the contract. */
export const EXIT = {
  published: 0,
  failed: 1,
  usage: 2,
  /** Published, with mismatches at or over --fail-on, or over --max-mismatches. */
  mismatches: 3,
} as const;

const EXIT_OF_FAULT: Readonly<Record<FaultCode, number>> = {
  environment: EXIT.failed,
  verification: EXIT.failed,
  query: EXIT.failed,
  interrupted: EXIT.failed,
  too_large: EXIT.failed,
  usage: EXIT.usage,
};

/** The exit code of an error; null for a fault of the program, of which the user is told more than its message. */
export function exitCodeOf(error: unknown): number | null {
  return error instanceof Fault ? EXIT_OF_FAULT[error.code] : null;
}
