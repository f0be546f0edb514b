import { constants } from 'node:os';

/** What libuv has no name for, and Node therefore calls `Unknown system error -116`; by number, which differs by system. */
const UNNAMED = new Map<number, string>(
  (['ESTALE', 'EDQUOT'] as const).map((name) => [constants.errno[name], name]),
);

/** The code of an error of the system, e.g. `ENOENT`; undefined for any other error. */
export function errorCode(error: unknown): string | undefined {
  const { code, errno } = (error ?? {}) as NodeJS.ErrnoException;
  return UNNAMED.get(Math.abs(errno ?? 0)) ?? (typeof code === 'string' ? code : undefined);
}

/** As `errorCode`, for a sentence. */
export function errorName(error: unknown): string {
  return errorCode(error) ?? 'unknown error';
}
