import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  statSync,
  type Dirent,
} from 'node:fs';
import { join } from 'node:path';
import { compareText } from './client-id.js';

export type EntryKind = 'file' | 'folder' | 'other';

export interface Entry {
  readonly name: string;
  readonly kind: EntryKind;
}

/** A fault of the environment: the run must stop, its message says what, where and what to do. */
export class EnvironmentFault extends Error {}

/**
 * What a folder holds, sorted by name, with one directory read. Symbolic links count as what they point to; a link to
 * nothing, to itself or to where nobody may look is `other`, as are devices and pipes, so that nobody opens them.
 * @throws the file system's error when the folder cannot be read.
 */
export function listFolder(path: string): Entry[] {
  return readdirSync(path, { withFileTypes: true })
    .map((entry) => ({ name: entry.name, kind: kindOf(path, entry) }))
    .sort((a, b) => compareText(a.name, b.name));
}

function kindOf(folder: string, entry: Dirent): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (!entry.isSymbolicLink()) return 'other';
  try {
    const target = statSync(join(folder, entry.name));
    if (target.isFile()) return 'file';
    return target.isDirectory() ? 'folder' : 'other';
  } catch {
    // One bad link must not cost what lies beside it.
    return 'other';
  }
}

/** What a path that is no regular file (any more) is refused with. */
const NOT_A_FILE = 'ENOTSUP';

/**
 * Opens a file for reading. What stood for a file when its folder was listed may be a pipe by now, whose opening would
 * wait for a writer without end, or a device, whose reading may: neither is waited for, both are refused.
 * @returns the descriptor and the file's size in bytes
 * @throws the file system's error when it cannot be opened, or is no regular file.
 */
export function openFile(path: string): { descriptor: number; size: number } {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stat = fstatSync(descriptor);
  if (stat.isFile()) return { descriptor, size: stat.size };
  closeSync(descriptor);
  const code = stat.isDirectory() ? 'EISDIR' : NOT_A_FILE;
  throw Object.assign(new Error(`${code}: ${path} is no regular file`), { code });
}

/** Errors of the file system that concern one file or folder: the run reports them and goes on. */
const LOCAL_ERRORS = new Set([
  'ENOENT',
  'EACCES',
  'EPERM',
  'EIO',
  'ELOOP',
  'ENAMETOOLONG',
  'EISDIR',
  'ENOTDIR',
  'ESTALE',
  'ENXIO',
  'EINVAL',
  NOT_A_FILE,
]);

/**
 * The reason, in a few words, for an error that concerns one file or folder only.
 * @throws the error itself when it is anything else (out of memory, too many open files, a fault of the program), and
 * EnvironmentFault when the whole root is gone, because then every file would be reported as missing.
 */
export function localReason(error: unknown, root: string): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === undefined || !LOCAL_ERRORS.has(code)) throw error;
  if (!existsSync(root))
    throw new EnvironmentFault(`${root} is no longer there: check that its disk is mounted, then run again`);
  return REASONS[code] ?? `it cannot be read (${code})`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it was there when its folder was listed and is gone',
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  EIO: 'the disk reports a read error',
  EISDIR: 'it is a folder, not a file',
  // A socket cannot even be opened.
  ENXIO: 'it is a pipe, a socket or a device, not a file',
  [NOT_A_FILE]: 'it is a pipe or a device, not a file',
};
