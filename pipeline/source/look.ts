import { errorCode } from '../base/system-error.js';
import type { BigIntStats, FileCalls } from './file-calls.js';

/** What lies under a path. One that cannot be looked at costs not what lies beside it. */

/** Of what a link points to; of the link itself when it points to nothing; null where neither can be looked at. */
export function statOf(path: string, calls: FileCalls): BigIntStats | null {
  try {
    return calls.stat(path) ?? calls.linkStat(path);
  } catch (error) {
    // A link to itself is what it is, whoever looks.
    return errorCode(error) === 'ELOOP' ? calls.linkStat(path) : null;
  }
}

/** The path with all links resolved; null where it leads nowhere. */
export function targetOf(path: string, calls: FileCalls): string | null {
  try {
    return calls.target(path);
  } catch {
    return null;
  }
}
