import { EnvironmentFault, VerificationError } from '../base/fault.js';

/** Exit codes, part of the contract. */
export const EXIT = {
  published: 0,
  failed: 1,
  usage: 2,
  /** Published, with mismatches at or over --fail-on, or over --max-mismatches. */
  mismatches: 3,
} as const;

/** An error that the user can do something about: its message is all that is shown. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}

/** Wrong usage. */
export class UsageError extends CliError {
  constructor(message: string) {
    super(message, EXIT.usage);
  }
}

/** Does something of which the faults of the environment are for the user to put right. @throws CliError for these */
export function clearly<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw asCliError(error);
  }
}

/** As `clearly`, for what takes its time. */
export async function clearlyAwait<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw asCliError(error);
  }
}

function asCliError(error: unknown): unknown {
  const isClear = error instanceof EnvironmentFault || error instanceof VerificationError;
  return isClear ? new CliError(error.message, EXIT.failed) : error;
}
