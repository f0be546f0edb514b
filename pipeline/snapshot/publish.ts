import { join } from 'node:path';
import { EnvironmentFault } from '../base/fault.js';
import { listNames, makeFolder } from '../storage/folders.js';
import { exists, kindOf, pointTo, removeIfThere, rename } from '../storage/names.js';
import { writeFileWhole } from '../storage/new-file.js';
import { syncFolder, syncFolders } from '../storage/sync.js';

/** Publish: the finished snapshot gets its name, and `current` is turned to it in one atomic step, last. */

/** Writes a JSON file of a snapshot. */
export function writeJson(snapshot: string, name: string, content: unknown): void {
  writeFileWhole(join(snapshot, name), Buffer.from(`${JSON.stringify(content, null, 2)}\n`));
}

/**
 * Where `current` will be swapped there must be nothing, or a link.
 * @throws EnvironmentFault when it is something that this program did not make.
 */
export function checkCurrent(out: string): void {
  const link = join(out, 'current');
  if (![null, 'link'].includes(kindOf(link)))
    throw new EnvironmentFault(
      `${link} is not a link that this program made: move it away, or give another --out`,
    );
}

/** The next `current`, under this name until it is swapped in. */
const NEXT = '.current-';

/**
 * Moves a finished snapshot to `snapshots/<run id>` and points `current` to it. The new link is made first, under a
 * temporary name: should the program die before the swap, the next one finds it and does the rest (finishPublishing).
 * Each step is on the disk before the next one, so that a power cut is met like any other death.
 * @returns the folder of the published snapshot
 * @throws EnvironmentFault when `current` is something else than a link
 */
export function publish(building: string, out: string, runId: string): string {
  checkCurrent(out);
  const snapshots = join(out, 'snapshots');
  const snapshot = join(snapshots, runId);
  const next = join(out, `${NEXT}${runId}`);
  makeFolder(snapshots);
  syncFolders(building);
  pointTo(join('snapshots', runId), next);
  syncFolder(out);
  try {
    rename(building, snapshot);
  } catch (error) {
    removeIfThere(next);
    throw error;
  }
  syncFolder(snapshots);
  swap(out, next);
  return snapshot;
}

/** Renaming over the old link is atomic: a reader sees the old snapshot or the new one. */
function swap(out: string, next: string): void {
  rename(next, join(out, 'current'));
  syncFolder(out);
}

/** Publishes the snapshot of a run that died when all was written and verified, and only the swap was left to do. */
export function finishPublishing(out: string): void {
  for (const name of listNames(out)) {
    if (!name.startsWith(NEXT)) continue;
    const next = join(out, name);
    const snapshot = join(out, 'snapshots', name.slice(NEXT.length));
    if (exists(join(snapshot, 'manifest.json'))) swap(out, next);
    else removeIfThere(next);
  }
}
