import { join } from 'node:path';
import { listNamesIfThere, makeFolder } from '../storage/folders.js';
import { kindOf, rename } from '../storage/names.js';
import { syncFolder, syncTree } from '../storage/sync.js';
import { REFUSED, RUN_ID } from './published.js';

/** Snapshots that a gate refused: kept apart from those that are published, until the next run. */

export function refusedFolder(out: string): string {
  return join(out, REFUSED);
}

/** Folders of the refused snapshots, oldest first: one, where nobody put others there. */
export function listRefused(out: string): string[] {
  const folder = refusedFolder(out);
  return listNamesIfThere(folder)
    .filter((name) => RUN_ID.test(name))
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => kindOf(path) === 'folder');
}

/** Gives a complete snapshot that is not to be published its place. @throws the file system's error */
export async function keepRefused(building: string, out: string, runId: string): Promise<void> {
  const folder = refusedFolder(out);
  makeFolder(folder);
  await syncTree(building);
  rename(building, join(folder, runId));
  syncFolder(folder);
}
