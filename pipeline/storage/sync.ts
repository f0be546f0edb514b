import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../base/system-error.js';

/** So many calls wait for the disk at a time: what a file system writes for one of them it writes for all that wait. */
const AT_ONCE = 32;

interface Path {
  readonly path: string;
  readonly isFolder: boolean;
}

/**
 * Sees to it that all files below a folder are on the disk, and their names: that of a file is not part of the file.
 * Many at a time, for each call alone waits as long as all of them together.
 * @throws the file system's error
 */
export async function syncTree(folder: string): Promise<void> {
  const waiting = [...pathsBelow(folder), { path: folder, isFolder: true }];
  const inTurn = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await syncLater(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, inTurn));
}

/** Files and folders; links and other things have nothing to be synced. */
function pathsBelow(folder: string): Path[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return [...pathsBelow(path), { path, isFolder: true }];
    return entry.isFile() ? [{ path, isFolder: false }] : [];
  });
}

async function syncLater({ path, isFolder }: Path): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } catch (error) {
    if (!isFolder || !isUnknownForFolders(error)) throw error;
  } finally {
    await file.close();
  }
}

/** Sees to it that the names in a folder are on the disk. */
export function syncFolder(folder: string): void {
  try {
    syncPath(folder);
  } catch (error) {
    if (!isUnknownForFolders(error)) throw error;
  }
}

/** Some network file systems do not know syncing for folders. */
function isUnknownForFolders(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'EINVAL' || code === 'ENOTSUP';
}

/** Sees to it that the content of a file, or the names in a folder, are on the disk. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
