import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  statSync,
  type BigIntStats,
  type Dirent,
} from 'node:fs';
import { compareText } from './client-id.js';

export type EntryKind = 'file' | 'folder' | 'other';

export interface Entry {
  readonly name: string;
  readonly kind: EntryKind;
  /** What would change with it, to be compared as text; null where nobody asked. */
  readonly state: string | null;
}

/** A fault of the environment: the run must stop, its message says what, where and what to do. */
export class EnvironmentFault extends Error {}

/**
 * What a folder holds, sorted by name, with one directory read. Symbolic links count as what they point to; a link to
 * nothing, to itself or to where nobody may look is `other`, as are devices and pipes, so that nobody opens them.
 * @param withStates whether to say the `state` of each entry, which costs a call of the file system for each file
 * @throws the file system's error when the folder cannot be read.
 */
export function listFolder(path: string, withStates = false): Entry[] {
  return readdirSync(path, { withFileTypes: true })
    .map((entry) => entryOf(path, entry, withStates))
    .sort((a, b) => compareText(a.name, b.name));
}

function entryOf(folder: string, entry: Dirent, withState: boolean): Entry {
  const { name } = entry;
  if (entry.isDirectory()) return { name, kind: 'folder', state: FOLDER_STATE };
  const isFile = entry.isFile();
  if (isFile && !withState) return { name, kind: 'file', state: null };
  const stat = statOf(`${folder}/${name}`);
  return { name, kind: isFile ? 'file' : kindOf(stat), state: withState ? stateOf(stat) : null };
}

/** Of what a link points to; of the link itself when it points to nothing. One bad link costs not what lies beside it. */
function statOf(path: string): BigIntStats | null {
  try {
    return statSync(path, STAT_OPTIONS) ?? lstatSync(path, STAT_OPTIONS) ?? null;
  } catch {
    return null;
  }
}

const STAT_OPTIONS = { bigint: true, throwIfNoEntry: false } as const;

function kindOf(stat: BigIntStats | null): EntryKind {
  if (stat?.isFile() === true) return 'file';
  return stat?.isDirectory() === true ? 'folder' : 'other';
}

const FOLDER_STATE = '/';

/** Of a folder only that it is one: what it holds has states of its own. */
function stateOf(stat: BigIntStats | null): string {
  if (stat === null) return '?';
  return stat.isDirectory() ? FOLDER_STATE : `${stat.mode} ${stat.size} ${stat.mtimeNs}`;
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
