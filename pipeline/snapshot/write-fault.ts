import { dirname, join } from 'node:path';
import { EnvironmentFault, Fault } from '../base/fault.js';
import { errorCode } from '../base/system-error.js';
import { assertWritable } from '../storage/folders.js';
import { isFolder } from '../storage/names.js';

/** What the user hears of errors of writing: one sentence instead of a stack. */

/** The fault of an output folder that cannot be made or written to. */
export function cannotWriteTo(out: string, error: unknown): EnvironmentFault {
  return new EnvironmentFault(
    `${out} cannot be written to (${reason(error, out)}): give another folder with --out`,
  );
}

function reason(error: unknown, out: string): string {
  const code = errorCode(error) ?? String(error);
  const file = fileOnTheWay(join(out, 'snapshots'));
  if (file !== null) return `${file} is a file, not a folder`;
  return (
    { EACCES: 'no permission', EROFS: 'the file system is read-only', ENOSPC: 'the disk is full' }[code] ??
    code
  );
}

/** The first part of a path that is there and is no folder; null when there is none. */
function fileOnTheWay(path: string): string | null {
  for (let part = path; part !== dirname(part); part = dirname(part)) {
    try {
      return isFolder(part) ? null : part;
    } catch {
      // Not there, or below a file: its parent tells.
    }
  }
  return null;
}

const WRITE_ERRORS: Readonly<Record<string, string>> = {
  ENOSPC: 'is on a disk that is full',
  EDQUOT: 'is on a disk whose quota is used up',
  EROFS: 'is on a read-only file system',
  EIO: 'is on a disk that reports an error',
  EACCES: 'cannot be written to (no permission)',
  EPERM: 'cannot be written to (no permission)',
  ESTALE: 'is on a file server that does not know it any more',
  ENOENT: 'was removed, or a part of it, while the run was writing to it',
};

/** An error of writing that is the environment's, as a fault; any other as it is. */
export function asWriteFault(error: unknown, out: string): unknown {
  if (error instanceof Fault) return error;
  const message = error instanceof Error ? error.message : '';
  // DuckDB's come as text.
  const named = errorCode(error) ?? (message.includes('No space left on device') ? 'ENOSPC' : undefined);
  // Making a folder and those above it on a read-only file system fails with ENOENT.
  const code = named === 'ENOENT' ? (accessError(out) ?? named) : named;
  if (code === undefined) return error;
  const what = WRITE_ERRORS[code] ?? `is on a disk that reports ${code}`;
  // What has a meaning only for the output must be about it.
  const isWriting = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EROFS' || message.includes(out);
  if (!isWriting) return error;
  return new EnvironmentFault(
    `${out} ${what}: nothing was published and the last snapshot is as it was; ${remedy(code)} and run again`,
  );
}

function remedy(code: string): string {
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'make room' : 'put that right';
}

/** Why a folder cannot be written to; null when it can. */
function accessError(folder: string): string | null {
  try {
    assertWritable(folder);
    return null;
  } catch (error) {
    return errorCode(error) ?? null;
  }
}
