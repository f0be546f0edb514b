/** Exit codes, part of the contract. */
export const EXIT = {
  published: 0,
  failed: 1,
  usage: 2,
  /** Published, with mismatches at or over --fail-on. */
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
