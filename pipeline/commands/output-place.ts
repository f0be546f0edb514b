import { dirname, join, relative, sep } from 'node:path';
import { UsageFault } from '../base/fault.js';
import { exists, realPath } from '../storage/names.js';

/** Folders of the system, which hold no files of a disk; but some are made to be written to. */
const SYSTEM = ['/proc', '/sys', '/dev'];
const BUT = ['/dev/shm'];

/**
 * Where an output folder must not be: whoever syncs or clears the database would take it away, and the other way round.
 * @param out absolute, whether it is there or not
 * @param database folders of the database, absolute
 * @param option that names it
 * @throws UsageFault
 */
export function assertPlaceForOutput(out: string, database: readonly string[], option = '--out'): void {
  const place = placeOf(out);
  if (SYSTEM.some((folder) => isIn(place, folder)) && !BUT.some((folder) => isIn(place, folder)))
    throw new UsageFault(`${out} is a folder of the system, not of a disk: give another one with ${option}`);
  for (const folder of database) {
    const other = placeOf(folder);
    if (isIn(place, other))
      throw new UsageFault(
        `the output ${out} lies in the database ${folder}, where whoever syncs the copy removes it: give a folder outside with ${option}`,
      );
    if (isIn(other, place))
      throw new UsageFault(
        `the output ${out} holds the database ${folder}, which nobody could remove without it: give a folder of its own with ${option}`,
      );
  }
}

/** True where `assertPlaceForOutput` says nothing. */
export function isPlaceForOutput(out: string, database: readonly string[]): boolean {
  try {
    assertPlaceForOutput(out, database);
    return true;
  } catch {
    return false;
  }
}

/** A path with its links resolved, as far as it is there. */
function placeOf(path: string): string {
  if (exists(path)) return realPath(path);
  const parent = dirname(path);
  return parent === path ? path : join(placeOf(parent), relative(parent, path));
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
