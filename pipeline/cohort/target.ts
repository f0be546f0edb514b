import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { EnvironmentFault, Fault, UsageFault } from '../base/fault.js';
import { errorCode, errorName } from '../base/system-error.js';
import { entriesBelow, listNames, makeFolder, removeTree } from '../storage/folders.js';
import { kindOf, rename } from '../storage/names.js';
import { readText } from '../storage/read.js';
import { syncFolder, syncPath } from '../storage/sync.js';
import { isLeftBehind, processMark } from '../storage/temporary-folder.js';
import { COHORT_FORMAT } from './cohort-file.js';

/** Every file that a cohort may have: what else lies in its folder is somebody's, and is not removed. */
const OWN_FILES =
  /^(cohort\.(parquet|csv|json)|excluded\.parquet|flow\.(json|svg|md)|table1\.(csv|md)|certificate\.json|README\.md|croissant\.json|mirai\.csv|coco-[a-z0-9_]+\.json|nyu\.csv)$/;

/**
 * Looks whether a cohort may be written to a folder: nothing is there, or a cohort and nothing else.
 * @throws UsageFault where anything else is
 */
export function checkTarget(folder: string): void {
  const kind = kindOf(folder);
  if (kind === null) return;
  if (kind !== 'folder')
    throw new UsageFault(`--to ${folder} is a ${kind}, and a cohort is a folder: give another name`);
  const names = listNames(folder);
  if (names.length === 0) return;
  if (!isCohort(folder))
    throw new UsageFault(`--to ${folder} is there and is no cohort: give another folder, or remove it`);
  const foreign = names.find((name) => !OWN_FILES.test(name));
  if (foreign !== undefined)
    throw new UsageFault(
      `--to ${folder} holds ${foreign}, which is not of the cohort and would be lost: move it, or give another folder`,
    );
}

function isCohort(folder: string): boolean {
  try {
    const { format } = JSON.parse(readText(join(folder, 'cohort.json'))) as { readonly format?: unknown };
    return format === COHORT_FORMAT;
  } catch {
    return false;
  }
}

/** A new name beside a folder, on the same file system; it says whose it is. */
function beside(folder: string, what: 'building' | 'trash'): string {
  const name = `.${what}-${basename(folder)}-${processMark()}-${randomBytes(4).toString('hex')}`;
  return join(dirname(folder), name);
}

/** Removes what processes that were killed left beside a folder. */
function sweep(folder: string): void {
  for (const name of listNames(dirname(folder))) {
    const [, of, mark] = /^\.(?:building|trash)-(.+)-([0-9a-f]{8}-\d+)-[0-9a-f]{8}$/.exec(name) ?? [];
    if (of === basename(folder) && isLeftBehind(mark!)) removeTree(join(dirname(folder), name));
  }
}

/**
 * Gives a folder to write a cohort into, and puts it in its place when all of it is on the disk: nobody meets half a cohort.
 * One that was there stays until then. Whatever fails, nothing is left behind.
 * @throws what `write` throws, EnvironmentFault for what the file system does not do
 */
export async function withTarget<T>(folder: string, write: (building: string) => Promise<T>): Promise<T> {
  try {
    checkTarget(folder);
    return await writeBeside(folder, write);
  } catch (error) {
    if (error instanceof Fault || errorCode(error) === undefined) throw error;
    throw new EnvironmentFault(
      `${folder} cannot be written (${errorName(error)}): check the path and the disk`,
    );
  }
}

async function writeBeside<T>(folder: string, write: (building: string) => Promise<T>): Promise<T> {
  const building = beside(folder, 'building');
  makeFolder(building, 0o750);
  try {
    const result = await write(building);
    sync(building);
    putInPlace(building, folder);
    sweep(folder);
    return result;
  } catch (error) {
    removeTree(building);
    throw error;
  }
}

function sync(building: string): void {
  for (const { path } of entriesBelow(building)) syncPath(join(building, path));
  syncFolder(building);
}

/** A folder cannot be renamed over another that holds something: the old one goes aside first. */
function putInPlace(building: string, folder: string): void {
  // Somebody may have put something there meanwhile.
  checkTarget(folder);
  const before = kindOf(folder) === null ? null : beside(folder, 'trash');
  if (before !== null) rename(folder, before);
  rename(building, folder);
  syncFolder(dirname(folder));
  if (before !== null) removeTree(before);
}
