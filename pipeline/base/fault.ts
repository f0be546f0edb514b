import { errorCode } from './system-error.js';

/**
 * What ends a run (or a command) for a reason that the user must hear: one sentence that says what, where and what to do.
 * Faults go from thread to thread by their code (see `reviveError`); any other error is a fault of the program.
 */

export type FaultCode =
  'environment' | 'verification' | 'refused' | 'usage' | 'query' | 'interrupted' | 'too_large';

export abstract class Fault extends Error {
  abstract readonly code: FaultCode;
}

/** A fault of the environment: disk full, root missing, no permission. */
export class EnvironmentFault extends Fault {
  readonly code = 'environment';
}

/** A fault in what was written: nothing is published. Its message names table, file and key. */
export class VerificationError extends Fault {
  readonly code = 'verification';
}

/** A snapshot that is sound, and that a gate kept from being published. */
export class Refused extends Fault {
  readonly code = 'refused';
}

/** Something that the user asked for cannot be done as it was asked. */
export class UsageFault extends Fault {
  readonly code = 'usage';
}

/** A query that DuckDB does not answer. */
export class QueryFault extends Fault {
  readonly code = 'query';
}

/** The user stopped the run. */
export class Interrupted extends Fault {
  readonly code = 'interrupted';
}

/** One client, or what is made of a few, is over the limits of memory and of the formats. */
export class TooLargeFault extends Fault {
  readonly code = 'too_large';
}

const FAULTS: Readonly<Record<FaultCode, new (message: string) => Fault>> = {
  environment: EnvironmentFault,
  verification: VerificationError,
  refused: Refused,
  usage: UsageFault,
  query: QueryFault,
  interrupted: Interrupted,
  too_large: TooLargeFault,
};

/** An error as it goes from thread to thread: what is cloned of an Error is its message only. */
export interface SerialisedError {
  /** Null for a fault of the program, and for an error of the system. */
  readonly fault: FaultCode | null;
  /** Of an error of the system, e.g. `ENOSPC`; else null. */
  readonly system: string | null;
  readonly message: string;
  readonly stack: string | undefined;
}

export function serialiseError(error: unknown): SerialisedError {
  if (!(error instanceof Error))
    return { fault: null, system: null, message: String(error), stack: undefined };
  const { message, stack } = error;
  if (error instanceof Fault) return { fault: error.code, system: null, message, stack };
  return { fault: null, system: errorCode(error) ?? null, message, stack };
}

export function reviveError({ fault, system, message, stack }: SerialisedError): Error {
  const error = fault === null ? new Error(message) : new FAULTS[fault](message);
  if (system !== null) Object.assign(error, { code: system });
  if (stack !== undefined) error.stack = stack;
  return error;
}
