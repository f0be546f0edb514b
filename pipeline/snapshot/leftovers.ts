import { join } from 'node:path';
import { listNames, makeFolder, removeEmptyFolder, removeTree } from '../storage/folders.js';
import { kindOf, rename, type Kind } from '../storage/names.js';
import { RUN_ID } from './published.js';
import { listRefused, refusedFolder } from './refused.js';
import { HALF_RECORD } from './run-record.js';
import { listReceipts } from './receipts.js';

/**
 * What runs that died left. Only what this program made is removed, which its exact name and its kind say, links never
 * followed: whatever else lies in an output folder is somebody's.
 */

/** Of the folder that a run builds in, which lies in `snapshots`, so that a rename publishes it. */
export const BUILDING = /^\.building-[0-9a-f]{12}$/;

/** The name under which a snapshot is removed. */
export function trashName(runId: string): string {
  return `.trash-${runId}`;
}

const runIdAfter = (prefix: string) => new RegExp(`^\\.${prefix}-${RUN_ID.source.slice(1)}`);
const TRASH = runIdAfter('trash');
/** The next `current` until it is swapped in: finishPublishing knows what to do with it. */
export const NEXT_CURRENT = runIdAfter('current');
/** The file that will be `current.json`, not yet written whole. */
const HALF_CURRENT = new RegExp(NEXT_CURRENT.source.replace(/\$$/, '\\.tmp$'));
const LOCK_FILE = /^\.lock\.(\d+-[0-9a-f]{12}|after-[0-9a-f]{16})$/;

function named(folder: string, pattern: RegExp, kind: Kind): string[] {
  const paths = listNames(folder)
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));
  return paths.filter((path) => kindOf(path) === kind);
}

/** Removes files under temporary names, and snapshots whose removal was interrupted. */
export function removeLeftovers(out: string): void {
  const snapshots = join(out, 'snapshots');
  // 0.1.0 had its trash in the output folder.
  const trash = [out, snapshots].flatMap((folder) => named(folder, TRASH, 'folder'));
  const files = [LOCK_FILE, HALF_CURRENT, HALF_RECORD].flatMap((pattern) => named(out, pattern, 'file'));
  for (const path of [...files, ...trash]) removeTree(path);
  const building = join(out, '.building');
  if (isBuildingOf010(building)) removeTree(building);
}

/** 0.1.0 built in a folder of this name, which held nothing else. */
function isBuildingOf010(path: string): boolean {
  return kindOf(path) === 'folder' && listNames(path).every((name) => ['snapshot', 'work'].includes(name));
}

/**
 * Gives what an earlier run finished, and did not publish, to this one by a rename: the folder of a dead run, or a refused
 * snapshot, whichever has most finished ranges. The others are removed. Whoever still writes to them by their old name,
 * because it was stopped and not dead, writes to nothing of this run's.
 * @param own path of the folder that this run builds in, which is not there yet
 */
export function takeUpBuilding(out: string, own: string): void {
  const refused = listRefused(out).map((folder) => ({ folder, snapshot: folder }));
  takeUp([...buildingsIn(join(out, 'snapshots')), ...refused], own);
  removeEmptyFolder(refusedFolder(out));
}

/** As takeUpBuilding, of what lies in one folder. */
export function takeUpBuildingIn(folder: string, own: string): void {
  takeUp(buildingsIn(folder), own);
}

/** A snapshot that was not published, and the folder that is removed with it. */
interface Unpublished {
  readonly folder: string;
  readonly snapshot: string;
}

function buildingsIn(folder: string): Unpublished[] {
  return named(folder, BUILDING, 'folder').map((path) => ({
    folder: path,
    snapshot: join(path, 'snapshot'),
  }));
}

function takeUp(places: readonly Unpublished[], own: string): void {
  const found = places
    .map((place) => ({ ...place, finished: listReceipts(place.snapshot).length }))
    .sort((a, b) => b.finished - a.finished);
  const [best] = found;
  if (best !== undefined && best.finished > 0) {
    makeFolder(own);
    rename(best.snapshot, join(own, 'snapshot'));
  }
  for (const { folder } of found) removeTree(folder);
}
