import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../base/system-error.js';

/** Sees to it that the names of all files below a folder are on the disk: that of a file is not part of the file. */
export function syncFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) syncFolders(join(folder, entry.name));
  }
  syncFolder(folder);
}

/** Sees to it that the names in a folder are on the disk. */
export function syncFolder(folder: string): void {
  try {
    syncPath(folder);
  } catch (error) {
    // Some network file systems do not know this for folders.
    const code = errorCode(error);
    if (code !== 'EINVAL' && code !== 'ENOTSUP') throw error;
  }
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
