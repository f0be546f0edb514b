import { join, resolve } from 'node:path';
import { EnvironmentFault, UsageFault } from '../base/fault.js';
import { kindOfPath, namesIn } from './local-source.js';
import type { Roots, Tree } from './source.js';

interface RootArguments {
  readonly database?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly imagesDir?: string | undefined;
  readonly nbssDir?: string | undefined;
}

/**
 * The trees that a run reads: those named apart, the others from DATABASE by name in any case.
 * @throws UsageFault when nothing says where the data tree is; EnvironmentFault when what was named is not there.
 */
export function findRoots({ database, dataDir, imagesDir, nbssDir }: RootArguments): Roots {
  if (database === undefined && dataDir === undefined) {
    throw new UsageFault(
      'say which database to read: omidb-etl run DATABASE, or --data-dir (see omidb-etl run --help)',
    );
  }
  const inDatabase = database === undefined ? null : resolve(database);
  if (inDatabase !== null) mustBeFolder(inDatabase, 'the database');
  const find = (tree: Tree, named: string | undefined): string | null => {
    if (named === undefined) return inDatabase === null ? null : findTree(inDatabase, tree);
    const path = resolve(named);
    mustBeFolder(path, `the ${tree} tree`);
    return path;
  };
  const data = find('data', dataDir);
  if (data === null) {
    throw new EnvironmentFault(
      `${String(inDatabase)} holds no folder named data: give the folder above it, or --data-dir`,
    );
  }
  return { data, images: find('images', imagesDir), nbss: find('nbss', nbssDir) };
}

function mustBeFolder(path: string, what: string): void {
  const kind = kindOfPath(path);
  if (kind === null)
    throw new EnvironmentFault(`${path} is not there (${what}): check the path and that its disk is mounted`);
  if (kind !== 'folder')
    throw new EnvironmentFault(`${path} is a file, not a folder (${what}): give the folder`);
}

function findTree(database: string, tree: Tree): string | null {
  const names = namesIn(database).filter((name) => name.toLowerCase() === tree);
  const folders = names.filter((name) => kindOfPath(join(database, name)) === 'folder');
  if (folders.length > 1) {
    throw new UsageFault(`${database} holds ${folders.join(' and ')}: say which one with --${tree}-dir`);
  }
  if (folders.length === 0 && names.length > 0) {
    throw new EnvironmentFault(`${join(database, names[0]!)} is not a folder: it should be the ${tree} tree`);
  }
  return folders[0] === undefined ? null : join(database, folders[0]);
}
