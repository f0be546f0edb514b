import { join, resolve } from 'node:path';
import { UsageFault } from '../base/fault.js';
import { EXIT } from '../run/exit.js';
import { findSnapshot, listTables } from '../snapshot/published.js';
import type { PathArguments } from './history-options.js';
import { print } from './print.js';

/**
 * `omidb-etl path`: the folder of the tables, or of one, of a published snapshot. Links are resolved, so that what reads it
 * for hours does not meet two snapshots. @returns the exit code
 */
export async function pathCommand({ table, out, snapshot }: PathArguments): Promise<number> {
  const folder = findSnapshot(resolve(out), snapshot);
  const tables = listTables(folder);
  if (table !== undefined && !tables.includes(table))
    throw new UsageFault(`there is no table ${table} in ${folder}: there are ${tables.join(', ')}`);
  await print(`${join(folder, 'tables', table ?? '')}\n`.replace(/\/\n$/, '\n'));
  return EXIT.published;
}
