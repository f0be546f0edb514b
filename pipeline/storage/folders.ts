import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Folders and what lies in them. All throw the file system's error, but where it is said otherwise. */

/**
 * Makes a folder, and those above it, where they are not there. Node's own way never ends where the folder above is there
 * and takes none (/proc).
 * @param mode of the last one, less what the user's umask takes away; one that is there keeps its own
 */
export function makeFolder(path: string, mode = 0o777): void {
  if (isFolderThere(path)) return;
  // First: another thread may make it between a call that fails for want of it and a look whether it is there.
  if (!existsSync(dirname(path))) makeFolder(dirname(path));
  try {
    mkdirSync(path, mode);
  } catch (error) {
    // Another thread, or another run, may have made it meanwhile.
    if (!isFolderThere(path)) throw error;
  }
}

function isFolderThere(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** @throws the file system's error when nothing can be put into the folder */
export function assertWritable(folder: string): void {
  accessSync(folder, constants.W_OK);
}

/** Names in a folder, in no order. */
export function listNames(folder: string): string[] {
  return readdirSync(folder);
}

/** As `listNames`; none of a folder that is not there. */
export function listNamesIfThere(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Something below a folder. */
export interface EntryBelow {
  /** Relative to the folder, with `/` between names. */
  readonly path: string;
  /** False for links, pipes and devices. */
  readonly isFile: boolean;
}

/** Everything below a folder but folders, in no order. Links are not followed: Node's own walk does so from version 22 on. */
export function entriesBelow(folder: string): EntryBelow[] {
  return entriesUnder(folder, '');
}

/** @param parent path of the folder that is listed, from the first one on, with a `/` at its end */
function entriesUnder(folder: string, parent: string): EntryBelow[] {
  return readdirSync(join(folder, parent), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? entriesUnder(folder, `${parent}${entry.name}/`)
      : [{ path: parent + entry.name, isFile: entry.isFile() }],
  );
}

/** Removes the folders below one that hold nothing, or nothing but such folders; links stay. */
export function removeEmptyFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    removeEmptyFolders(path);
    if (readdirSync(path).length === 0) rmdirSync(path);
  }
}

/** Removes a folder, or a file, and all that is in it; nothing where there is none. */
export function removeTree(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Removes a folder in which nothing is, and nothing else. */
export function removeEmptyFolder(path: string): void {
  if (existsSync(path) && readdirSync(path).length === 0) rmdirSync(path);
}
