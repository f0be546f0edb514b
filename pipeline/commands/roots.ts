import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EnvironmentFault } from '../base/fault.js';
import type { Roots, Tree } from '../source/source.js';
import { UsageError } from './exit.js';

interface RootArguments {
  readonly database: string | undefined;
  readonly dataDir: string | undefined;
  readonly imagesDir: string | undefined;
  readonly nbssDir: string | undefined;
}

/**
 * The trees that a run reads: those named apart, the others from DATABASE by name in any case.
 * @throws UsageError when nothing says where the data tree is; EnvironmentFault when what was named is not there.
 */
export function findRoots({ database, dataDir, imagesDir, nbssDir }: RootArguments): Roots {
  if (database === undefined && dataDir === undefined) {
    throw new UsageError(
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
  const stat = statOrNull(path);
  if (stat === null)
    throw new EnvironmentFault(`${path} is not there (${what}): check the path and that its disk is mounted`);
  if (!stat.isDirectory())
    throw new EnvironmentFault(`${path} is a file, not a folder (${what}): give the folder`);
}

function statOrNull(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code === 'ENOTDIR') return null;
    throw new EnvironmentFault(`${path} cannot be looked at (${code}): check that you may read it`);
  }
}

function findTree(database: string, tree: Tree): string | null {
  const names = listNames(database).filter((name) => name.toLowerCase() === tree);
  const folders = names.filter((name) => statOrNull(join(database, name))?.isDirectory());
  if (folders.length > 1) {
    throw new UsageError(`${database} holds ${folders.join(' and ')}: say which one with --${tree}-dir`);
  }
  if (folders.length === 0 && names.length > 0) {
    throw new EnvironmentFault(`${join(database, names[0]!)} is not a folder: it should be the ${tree} tree`);
  }
  return folders[0] === undefined ? null : join(database, folders[0]);
}

function listNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new EnvironmentFault(`${folder} cannot be listed (${code}): check that you may read it`);
  }
}
