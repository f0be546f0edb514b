import { dirname, relative, resolve, sep } from 'node:path';
import { UsageFault } from '../base/fault.js';
import { softwareVersion } from '../run/version.js';
import { writeCatalogue } from '../snapshot/catalogue.js';
import { findSnapshot } from '../snapshot/published.js';
import { mustReadManifest } from '../snapshot/read-manifest.js';
import { exists, isFolder, realPath } from '../storage/names.js';
import type { CatalogueArguments } from './catalogue-options.js';
import { EXIT } from '../run/exit.js';
import { count } from './plain-table.js';
import { print } from './print.js';

/** `omidb-etl catalogue`: a DuckDB file of views over a snapshot. @returns the exit code */
export async function catalogueCommand({
  file,
  out,
  snapshot,
  relativeTo,
}: CatalogueArguments): Promise<number> {
  const folder = findSnapshot(resolve(out), snapshot);
  const path = placeOf(file, folder);
  const { run_id: runId } = mustReadManifest(folder);
  const facts = { folder, runId, madeBy: `omidb-etl ${softwareVersion()}` };
  const tables =
    relativeTo === undefined
      ? await writeCatalogue(path, { ...facts, written: (place) => place })
      : await within(folderOf(relativeTo), (base) =>
          writeCatalogue(path, { ...facts, written: (place) => relative(base, place) }),
        );
  await print(`${path}: ${count(tables)} tables of snapshot ${runId}\n`);
  return EXIT.published;
}

/** @throws UsageFault where no catalogue can be */
function placeOf(file: string, snapshot: string): string {
  const path = resolve(file);
  const parent = dirname(path);
  if (!exists(parent) || !isFolder(parent))
    throw new UsageFault(`${path} cannot be made: ${parent} is no folder`);
  if (`${realPath(parent)}${sep}`.startsWith(`${snapshot}${sep}`))
    throw new UsageFault(`${path} lies in a snapshot, which nothing may be added to: give another place`);
  return path;
}

function folderOf(given: string): string {
  const path = resolve(given);
  if (exists(path) && isFolder(path)) return realPath(path);
  throw new UsageFault(`--relative-to is ${JSON.stringify(given)}: give a folder that is there`);
}

/** Does something in a folder: DuckDB looks at the files of a view when it makes one, from where the process is. */
async function within<T>(folder: string, use: (folder: string) => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await use(folder);
  } finally {
    process.chdir(before);
  }
}
