import type { Table } from '../../schemas/column.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { allTables } from '../../schemas/tables/index.js';
import { EnvironmentFault } from '../base/fault.js';
import { rangeWidth } from '../omi-db/client-id.js';
import { LocalSource } from '../source/local-source.js';
import { assertSameRoots, identifyRoots } from '../source/root-identity.js';
import type { RootIds, Tree } from '../source/source.js';
import { listClients, planRanges, type ClientEntry, type RangePlan } from '../stages/discover.js';
import type { SideFile } from '../stages/side/side-file.js';
import { chooseClients, type ChosenClients, type UnknownClients } from './choose-clients.js';
import type { RunOptions } from './options.js';

/** What a run is about: known before anything of the database is opened. */
export interface RunPlan {
  readonly clients: readonly ClientEntry[];
  /** Client numbers of each range. */
  readonly width: number;
  readonly ranges: readonly RangePlan[];
  readonly unknown: UnknownClients;
  /** Mismatches of the database as a whole. */
  readonly database: readonly Mismatch[];
  /** But side tables. */
  readonly tables: readonly Table[];
  /** Client folders of each tree, whether the run is about them or not. */
  readonly inTrees: Readonly<Record<Tree, number>>;
  /** Ids of all clients that a tree has, those that the run leaves out too. */
  readonly known: ReadonlySet<string>;
  readonly sideFiles: readonly SideFile[];
  /** Of the roots, before they were listed. */
  readonly rootIds: RootIds;
}

/** @throws EnvironmentFault, UsageFault (see listRunClients) */
export function planRun(options: ListOptions, sideFiles: readonly SideFile[]): RunPlan {
  const database: Mismatch[] = [];
  const { roots, rows } = options;
  const rootIds = identifyRoots(roots);
  const report = (mismatch: Mismatch) => database.push(mismatch);
  const { clients, unknown, inTrees, known } = listRunClients(options, report);
  assertSameRoots(roots, rootIds);
  const width = rangeWidth(clients);
  return {
    clients,
    width,
    ranges: planRanges(clients, width),
    unknown,
    database,
    tables: allTables(rows.tags.tags.map(({ column }) => column)),
    inTrees,
    known,
    sideFiles,
    rootIds,
  };
}

type ListOptions = Pick<RunOptions, 'roots' | 'rows' | 'allowUnknownClients'>;

/**
 * The clients that a run is about; what is wrong with the database as a whole is reported.
 * @throws EnvironmentFault when there are none: an empty database is a wrong path or a disk that is not mounted;
 *   UsageFault when the lists of clients are not sure to be meant so
 */
export function listRunClients(
  { roots, rows, allowUnknownClients }: ListOptions,
  report: (mismatch: Mismatch) => void,
): ChosenClients & Pick<RunPlan, 'inTrees' | 'known'> {
  if (roots.images === null) {
    report({
      kind: 'image_root_absent',
      detail: 'There is no images tree: the run is of the data tree only.',
    });
  }
  const all = listClients(new LocalSource(roots, rows.followLinks), report);
  // A data tree without any client, beside images, is a disk that is not mounted too.
  if (!all.some(({ trees }) => trees.includes('data')))
    throw new EnvironmentFault(`${roots.data} holds no client folders (like optm1): check the path`);
  const chosen = chooseClients(all, rows, allowUnknownClients);
  if (chosen.clients.length === 0)
    throw new EnvironmentFault(`${roots.data} holds none of the clients asked for: check the clients files`);
  return { ...chosen, inTrees: countFolders(all), known: new Set(all.map(({ id }) => id)) };
}

/** How many of the clients have a folder in each tree. */
function countFolders(clients: readonly ClientEntry[]): Record<Tree, number> {
  const counts = { data: 0, images: 0, nbss: 0 };
  for (const { trees } of clients) for (const tree of trees) counts[tree]++;
  return counts;
}
