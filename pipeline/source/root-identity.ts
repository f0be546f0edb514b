import { opendirSync, statSync } from 'node:fs';
import { EnvironmentFault } from '../base/fault.js';
import { errorCode, errorName } from '../base/system-error.js';
import type { RootIds, Roots, Tree } from './source.js';

/**
 * A disk that is unmounted leaves an empty folder of the same path, in which every file of the database is missing. Device
 * and inode tell that folder from the root that the run began with.
 */

const TREES: readonly Tree[] = ['data', 'images', 'nbss'];

/** What tells each root from any other folder that has its path later. @throws EnvironmentFault when one cannot be listed */
export function identifyRoots(roots: Roots): RootIds {
  return mapTrees((tree) => (roots[tree] === null ? null : identify(roots[tree])));
}

/** @throws EnvironmentFault when a root is not the folder that it was when `ids` were taken */
export function assertSameRoots(roots: Roots, ids: RootIds): void {
  for (const tree of TREES) assertSameRoot(roots, ids, tree);
}

/** What of it is the same on every machine that sees the same folders, but where a file system gives each its own. */
export function inodesOf(ids: RootIds): RootIds {
  return mapTrees((tree) => ids[tree]?.split(' ').at(-1) ?? null);
}

/** As assertSameRoots, of one tree. */
export function assertSameRoot(roots: Roots, ids: RootIds, tree: Tree): void {
  const root = roots[tree];
  if (root === null || idOf(root) === ids[tree]) return;
  throw new EnvironmentFault(
    `${root} is no longer there, or no longer the folder that it was when the run began: check that its disk is mounted, then run again`,
  );
}

function mapTrees<T>(make: (tree: Tree) => T): Record<Tree, T> {
  return { data: make('data'), images: make('images'), nbss: make('nbss') };
}

function identify(root: string): string {
  try {
    // Looked into first: an automounter mounts a disk when somebody does.
    const folder = opendirSync(root);
    folder.readSync();
    folder.closeSync();
  } catch (error) {
    const what = errorCode(error) === 'ENOTDIR' ? 'is no folder' : `cannot be listed (${errorName(error)})`;
    throw new EnvironmentFault(`${root} ${what}: check that it is there and that you may read it`);
  }
  return idOf(root) ?? '';
}

/** Null where there is nothing, or nothing that can be looked at. */
function idOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return null;
  }
}
