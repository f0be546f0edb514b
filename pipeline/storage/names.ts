import {
  existsSync,
  linkSync,
  lstatSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
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

/** When a file was last changed or touched, in ms; null where there is nothing. */
export function touchedAt(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

export function touch(path: string, time: Date): void {
  utimesSync(path, time, time);
}

/** The path with all links resolved. */
export function realPath(path: string): string {
  return realpathSync(path);
}

/** Atomic; what has the new name already is replaced. */
export function rename(from: string, to: string): void {
  renameSync(from, to);
}

/** Removes a file or a link. @throws also where there is nothing */
export function remove(path: string): void {
  rmSync(path);
}

/** As `remove`; nothing where there is none. */
export function removeIfThere(path: string): void {
  rmSync(path, { force: true });
}

/** Gives a file a second name. */
export function link(file: string, name: string): void {
  linkSync(file, name);
}

/** As `link`; false, and nothing done, when the name is taken. */
export function linkIfFree(file: string, name: string): boolean {
  try {
    linkSync(file, name);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Makes a symbolic link; its target counts from the folder that the link lies in. */
export function pointTo(target: string, name: string): void {
  symlinkSync(target, name);
}

/** Writes a small new file without forcing it to the disk. @throws also where the name is taken */
export function writeNew(path: string, content: string): void {
  writeFileSync(path, content, { flag: 'wx' });
}
