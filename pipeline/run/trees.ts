import { EnvironmentFault } from '../base/fault.js';
import type { Manifest } from '../snapshot/manifest.js';
import type { Tree } from '../source/source.js';
import { exists } from '../storage/names.js';
import type { Finished } from './finish.js';
import type { RunOptions } from './options.js';
import type { RunPlan } from './plan.js';

/**
 * A tree that had clients, or files, in the current snapshot and has none now is a disk that is not mounted or a copy that
 * went wrong, and no change of data.
 */

const TREES: readonly Tree[] = ['data', 'images', 'nbss'];

/** @throws EnvironmentFault when a tree had clients and has none, whichever of them the run is about */
export function assertTreesThere({ roots }: RunOptions, plan: RunPlan, before: Manifest | null): void {
  if (before === null) return;
  for (const tree of TREES) {
    const had = clientsBefore(before, tree);
    if (had === 0 || plan.inTrees[tree] > 0) continue;
    const root = roots[tree] ?? before.inputs.roots[tree];
    // Left out on purpose where it is still there.
    if (root === null || (roots[tree] === null && exists(root))) continue;
    throw gone(`${root} holds no client folders, and the current snapshot has ${had} of it`);
  }
}

/** @throws EnvironmentFault when there were DICOM files, or episodes, and there are none of the same clients */
export function assertContentsThere(
  { roots, rows }: RunOptions,
  { tables, dicomFiles }: Pick<Finished, 'tables'> & { readonly dicomFiles: number },
  before: Manifest | null,
): void {
  // Those of a list of clients may have none.
  if (before === null || rows.includeClients !== null || rows.excludeClients.length > 0) return;
  if (roots.images !== null && dicomFiles === 0 && before.inputs.dicom_files.files > 0)
    throw gone(`${roots.images} holds no DICOM file, and the current snapshot is made from some`);
  const episodes = tables.find(({ name }) => name === 'episodes')?.files.parquet ?? [];
  if (episodes.every((part) => part.rows === 0) && (before.tables['episodes']?.rows ?? 0) > 0)
    throw gone(`${roots.nbss ?? roots.data} holds no episode, and the current snapshot has some`);
}

function clientsBefore({ inputs }: Manifest, tree: Tree): number {
  // Earlier versions did not count them.
  return inputs.client_folders?.[tree] ?? (tree === 'images' ? inputs.dicom_files.files : 0);
}

function gone(what: string): EnvironmentFault {
  return new EnvironmentFault(
    `${what}: check that its disk is mounted. If they are gone for good, give another folder with --out`,
  );
}
