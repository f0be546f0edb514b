import { join } from 'node:path';
import { removeTree } from '../storage/folders.js';
import { realPath, rename } from '../storage/names.js';
import { trashName } from './leftovers.js';
import { currentFolder, listRunIds } from './published.js';

/**
 * Removes the oldest snapshots, so that at most `keep` are left; never the current one. A snapshot is renamed before it is
 * removed: under its own name it is there whole, or not at all.
 * @param isHeld whether the output is still this run's
 */
export function pruneSnapshots(out: string, keep: number, isHeld: () => boolean): void {
  const folder = join(out, 'snapshots');
  const current = currentFolder(out);
  // What this program did not make is not its to remove, so only names of runs.
  const names = listRunIds(out);
  const surplus = names.slice(0, Math.max(0, names.length - keep));
  for (const name of surplus) {
    if (realPath(join(folder, name)) === current) continue;
    if (!isHeld()) return;
    const trash = join(folder, trashName(name));
    rename(join(folder, name), trash);
    removeTree(trash);
  }
}
