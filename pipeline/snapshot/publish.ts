import { join } from 'node:path';
import { EnvironmentFault } from '../base/fault.js';
import { errorName } from '../base/system-error.js';
import { listNames } from '../storage/folders.js';
import { exists, kindOf, pointTo, realPath, removeIfThere, rename } from '../storage/names.js';
import { writeFileUnsynced, writeFileWhole } from '../storage/new-file.js';
import { syncFolder, syncTree } from '../storage/sync.js';
import { NEXT_CURRENT } from './leftovers.js';
import { currentFolder, POINTER_FILE, pointerText, readPointer } from './published.js';

/** Publish: the finished snapshot gets its name, and `current` is turned to it in one atomic step, last. */

/** Writes a JSON file of a snapshot. */
export function writeJson(snapshot: string, name: string, content: unknown): void {
  writeFileUnsynced(join(snapshot, name), Buffer.from(`${JSON.stringify(content, null, 2)}\n`));
}

/**
 * Where `current` will be swapped there must be nothing, or a link; where `current.json`, nothing, or such a file.
 * @throws EnvironmentFault when it is something that this program did not make.
 */
export function checkCurrent(out: string): void {
  const link = join(out, 'current');
  if (![null, 'link'].includes(kindOf(link)))
    throw new EnvironmentFault(
      `${link} is not a link that this program made: move it away, or give another --out`,
    );
  const file = join(out, POINTER_FILE);
  if (kindOf(file) !== null && readPointer(out) === null)
    throw new EnvironmentFault(
      `${file} is not a file that this program made: move it away, or give another --out`,
    );
}

/** The next `current`, under this name until it is swapped in. */
const nextName = (runId: string) => `.current-${runId}`;

export interface Publication {
  /** Folder of the published snapshot. */
  readonly folder: string;
  /** What went wrong after it was published, as a sentence; null when nothing did. */
  readonly doubt: string | null;
}

/**
 * Brings a finished snapshot to the disk, moves it to `snapshots/<run id>` and points `current` to it. What `current` will
 * be is made first, under a temporary name: should the program die before the swap, the next one finds it and does the rest
 * (finishPublishing). Each step is on the disk before the next one, so that a power cut is met like any other death. Both
 * renames are of names that a run which takes over takes away: a run that was stopped, overtaken and resumed fails at them.
 * @param assertHeld throws when the output is another run's by now
 * @throws EnvironmentFault when `current` is something else than a link; the file system's errors. Nothing is published then
 */
export async function publish(
  building: string,
  out: string,
  runId: string,
  assertHeld: () => void,
): Promise<Publication> {
  checkCurrent(out);
  const snapshots = join(out, 'snapshots');
  const snapshot = join(snapshots, runId);
  const next = join(out, nextName(runId));
  await syncTree(building);
  try {
    makeNext(next, runId);
    syncFolder(out);
    assertHeld();
    rename(building, snapshot);
  } catch (error) {
    removeIfThere(next);
    throw error;
  }
  try {
    syncFolder(snapshots);
    assertHeld();
    swap(out, next);
  } catch (error) {
    // Another run may have found the snapshot finished, and done the rest.
    if (isCurrent(out, snapshot)) return { folder: snapshot, doubt: 'by another run, which took over' };
    takeBack(snapshot, building, next);
    throw error;
  }
  return { folder: snapshot, doubt: settle(out) };
}

function isCurrent(out: string, snapshot: string): boolean {
  return exists(snapshot) && currentFolder(out) === realPath(snapshot);
}

function takeBack(snapshot: string, building: string, next: string): void {
  try {
    removeIfThere(next);
    rename(snapshot, building);
  } catch {
    // It is another run's by now; what went wrong before is what the user must hear.
  }
}

/**
 * Points `current` to a snapshot that is there. What it will be is made first, so that the next run does the rest should
 * this one die on the way.
 * @param makeRoom done right before the swap, where `current` itself must be moved away
 * @throws the file system's error
 */
export function turnCurrent(out: string, runId: string, makeRoom: () => void = () => undefined): void {
  const next = join(out, nextName(runId));
  removeIfThere(next);
  makeNext(next, runId);
  syncFolder(out);
  makeRoom();
  swap(out, next);
  syncFolder(out);
}

/** A link, or a file where the file system has none. */
function makeNext(next: string, runId: string): void {
  const target = `snapshots/${runId}`;
  if (!pointTo(target, next)) writeFileWhole(next, Buffer.from(pointerText(target)));
}

/** Renaming over the old one is atomic: a reader sees the old snapshot or the new one. A link goes before a file. */
function swap(out: string, next: string): void {
  const link = join(out, 'current');
  const file = join(out, POINTER_FILE);
  if (kindOf(next) === 'file') {
    rename(next, file);
    removeIfThere(link);
  } else {
    rename(next, link);
    removeIfThere(file);
  }
}

/** Forces the swap to the disk; what is said of it when that fails, for it is done all the same. */
function settle(out: string): string | null {
  try {
    syncFolder(out);
    return null;
  } catch (error) {
    return `but the disk reports ${errorName(error)} when told to keep it: look whether it is still there after a power cut`;
  }
}

/** Publishes the snapshot of a run that died when all was written and verified, and only the swap was left to do. */
export function finishPublishing(out: string): void {
  for (const name of listNames(out)) {
    if (!NEXT_CURRENT.test(name)) continue;
    const next = join(out, name);
    const kind = kindOf(next);
    if (kind !== 'link' && kind !== 'file') continue;
    const snapshot = join(out, 'snapshots', name.slice(nextName('').length));
    if (!exists(join(snapshot, 'manifest.json'))) removeIfThere(next);
    else {
      swap(out, next);
      syncFolder(out);
    }
  }
}
