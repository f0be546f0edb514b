import { lstatSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentFault } from '../omi-db/folders.js';
import { writeFileWhole } from './write/part-file.js';

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
  const stat = lstatSync(link, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isSymbolicLink()) {
    throw new EnvironmentFault(
      `${link} is not a link that this program made: move it away, or give another --out`,
    );
  }
}

/**
 * Moves a finished snapshot to `snapshots/<run id>` and points `current` to it.
 * @returns the folder of the published snapshot
 * @throws EnvironmentFault when `current` is something else than a link
 */
export function publish(building: string, out: string, runId: string): string {
  const link = join(out, 'current');
  checkCurrent(out);
  const snapshot = join(out, 'snapshots', runId);
  mkdirSync(join(out, 'snapshots'), { recursive: true });
  renameSync(building, snapshot);
  const next = join(out, `.current-${runId}`);
  rmSync(next, { force: true });
  symlinkSync(join('snapshots', runId), next);
  // Renaming over the old link is atomic: a reader sees the old snapshot or the new one.
  renameSync(next, link);
  return snapshot;
}
