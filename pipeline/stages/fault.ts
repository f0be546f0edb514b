/** A fault in what was written: nothing is published. Its message names table, file and key. */
export class VerificationError extends Error {}
