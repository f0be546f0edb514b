import type { Table } from '../../schemas/column.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { allTables } from '../../schemas/tables/index.js';
import { EnvironmentFault } from '../base/fault.js';
import { LocalSource } from '../source/local-source.js';
import type { Roots } from '../source/source.js';
import { listClients, planRanges, type ClientEntry, type RangePlan } from '../stages/discover.js';
import type { RowOptions, RunOptions } from './options.js';

/** What a run is about: known before anything of the database is opened. */
export interface RunPlan {
  readonly clients: readonly ClientEntry[];
  readonly ranges: readonly RangePlan[];
  /** Clients that were asked for and that no tree has. */
  readonly clientsNotFound: readonly string[];
  /** Mismatches of the database as a whole. */
  readonly database: readonly Mismatch[];
  readonly tables: readonly Table[];
}

/** @throws EnvironmentFault (see listRunClients) */
export function planRun({ roots, rows }: RunOptions): RunPlan {
  const database: Mismatch[] = [];
  const clients = listRunClients(roots, rows, (mismatch) => database.push(mismatch));
  const found = new Set(clients.map(({ id }) => id));
  return {
    clients,
    ranges: planRanges(clients),
    clientsNotFound: (rows.includeClients ?? []).filter((id) => !found.has(id)),
    database,
    tables: allTables(rows.tags.tags.map(({ column }) => column)),
  };
}

/**
 * The clients that a run is about; what is wrong with the database as a whole is reported.
 * @throws EnvironmentFault when there are none: an empty database is a wrong path or a disk that is not mounted.
 */
export function listRunClients(
  roots: Roots,
  { includeClients, excludeClients }: Pick<RowOptions, 'includeClients' | 'excludeClients'>,
  report: (mismatch: Mismatch) => void,
): ClientEntry[] {
  if (roots.images === null) {
    report({
      kind: 'image_root_absent',
      detail: 'There is no images tree: the run is of the data tree only.',
    });
  }
  const filter = {
    include: includeClients === null ? null : new Set(includeClients),
    exclude: new Set(excludeClients),
  };
  const clients = listClients(new LocalSource(roots), filter, report);
  const filtered = includeClients !== null || excludeClients.length > 0;
  // A data tree without any client, beside images, is a disk that is not mounted too.
  if (clients.length === 0 || (!filtered && !clients.some(({ trees }) => trees.includes('data')))) {
    throw new EnvironmentFault(
      filtered
        ? `${roots.data} holds none of the clients asked for: check the clients files`
        : `${roots.data} holds no client folders (like optm1): check the path`,
    );
  }
  return clients;
}
