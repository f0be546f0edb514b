import type { Table } from '../../schemas/column.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { allTables } from '../../schemas/tables/index.js';
import { EnvironmentFault } from '../base/fault.js';
import { rangeWidth } from '../omi-db/client-id.js';
import { LocalSource } from '../source/local-source.js';
import { assertSameRoots, identifyRoots } from '../source/root-identity.js';
import type { RootIds, Roots, Tree } from '../source/source.js';
import { listClients, planRanges, type ClientEntry, type RangePlan } from '../stages/discover.js';
import type { RowOptions, RunOptions } from './options.js';

/** What a run is about: known before anything of the database is opened. */
export interface RunPlan {
  readonly clients: readonly ClientEntry[];
  /** Client numbers of each range. */
  readonly width: number;
  readonly ranges: readonly RangePlan[];
  /** Clients that were asked for and that no tree has. */
  readonly clientsNotFound: readonly string[];
  /** Mismatches of the database as a whole. */
  readonly database: readonly Mismatch[];
  readonly tables: readonly Table[];
  /** Client folders of each tree, whether the run is about them or not. */
  readonly inTrees: Readonly<Record<Tree, number>>;
  /** Of the roots, before they were listed. */
  readonly rootIds: RootIds;
}

/** @throws EnvironmentFault (see listRunClients) */
export function planRun({ roots, rows }: RunOptions): RunPlan {
  const database: Mismatch[] = [];
  const rootIds = identifyRoots(roots);
  const inTrees = { data: 0, images: 0, nbss: 0 };
  const report = (mismatch: Mismatch) => database.push(mismatch);
  const clients = listRunClients(roots, rows, report, (tree) => inTrees[tree]++);
  assertSameRoots(roots, rootIds);
  const width = rangeWidth(clients);
  const found = new Set(clients.map(({ id }) => id));
  return {
    clients,
    width,
    ranges: planRanges(clients, width),
    clientsNotFound: (rows.includeClients ?? []).filter((id) => !found.has(id)),
    database,
    tables: allTables(rows.tags.tags.map(({ column }) => column)),
    inTrees,
    rootIds,
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
  count: (tree: Tree) => void = () => undefined,
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
  const clients = listClients(new LocalSource(roots), filter, report, count);
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
