import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { errorCode } from '../base/system-error.js';

/** Names on the disk, and what they stand for. All throw the file system's error, but where it is said otherwise. */

/** False too for what cannot be looked at. */
export function exists(path: string): boolean {
  return existsSync(path);
}

export type Kind = 'file' | 'folder' | 'link' | 'other';

/** What has a name, links not followed; null where there is nothing. */
export function kindOf(path: string): Kind | null {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if (stat.isSymbolicLink()) return 'link';
  if (stat.isDirectory()) return 'folder';
  return stat.isFile() ? 'file' : 'other';
}

/** Links followed. @throws also where there is nothing */
export function isFolder(path: string): boolean {
  return statSync(path).isDirectory();
}

/** In bytes; null where there is nothing. */
export function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}

/**
 * Differs from what it was whenever a file was touched or written meanwhile; null where there is none. It is opened, for a
 * file server's client looks anew only then.
 */
export function touchMark(path: string): string | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    const { ino, mtimeNs, ctimeNs } = fstatSync(descriptor, { bigint: true });
    return `${ino} ${mtimeNs} ${ctimeNs}`;
  } finally {
    closeSync(descriptor);
  }
}

export function touch(path: string, time: Date): void {
  utimesSync(path, time, time);
}

/** The path with all links resolved. */
export function realPath(path: string): string {
  return realpathSync(path);
}

/** What a symbolic link says. */
export function linkTarget(path: string): string {
  return readlinkSync(path);
}

/** Atomic; what has the new name already is replaced. */
export function rename(from: string, to: string): void {
  renameSync(from, to);
}

/** Removes a file or a link. @throws also where there is nothing */
export function remove(path: string): void {
  unlinkSync(path);
}

/** As `remove`; nothing where there is none. */
export function removeIfThere(path: string): void {
  rmSync(path, { force: true });
}

/** Gives a file a second name. */
export function link(file: string, name: string): void {
  linkSync(file, name);
}

/** What making a link says where links cannot be: another file system, one without them, or too many links of a file. */
const NO_LINKS = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** True of an error of making a link that says 'not here', where there is another way. */
export function isWithoutLinks(error: unknown): boolean {
  return NO_LINKS.has(errorCode(error) ?? '');
}

/**
 * Gives a small file a second name, or makes a copy of that name where the file system has no links: then somebody may
 * meet it empty for a moment. False, and nothing done, when the name is taken.
 */
export function linkIfFree(file: string, name: string): boolean {
  try {
    linkSync(file, name);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    if (!isWithoutLinks(error)) throw error;
  }
  try {
    copyFileSync(file, name, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Makes a symbolic link; its target counts from the folder that the link lies in.
 * @returns false where the file system has none
 */
export function pointTo(target: string, name: string): boolean {
  try {
    symlinkSync(target, name);
    return true;
  } catch (error) {
    if (isWithoutLinks(error)) return false;
    throw error;
  }
}

/** Writes a small new file without forcing it to the disk. @throws also where the name is taken */
export function writeNew(path: string, content: string): void {
  writeFileSync(path, content, { flag: 'wx' });
}
