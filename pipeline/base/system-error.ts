/** The code of an error of the system, e.g. `ENOENT`; undefined for any other error. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** As `errorCode`, for a sentence. */
export function errorName(error: unknown): string {
  return errorCode(error) ?? 'unknown error';
}
