import { existsSync, readdirSync, statSync, type Dirent } from 'node:fs';
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
 * nothing is `other`, as are devices and pipes, so that nobody opens them.
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
  const target = statSync(join(folder, entry.name), { throwIfNoEntry: false });
  if (target === undefined) return 'other';
  if (target.isFile()) return 'file';
  return target.isDirectory() ? 'folder' : 'other';
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
};
