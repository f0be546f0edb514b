import type { Table } from '../../schemas/column.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { allTables } from '../../schemas/tables/index.js';
import { EnvironmentFault } from '../base/fault.js';
import { LocalSource } from '../source/local-source.js';
import { listClients, planRanges, type ClientEntry, type RangePlan } from '../stages/discover.js';
import { chooseClients, type ChosenClients, type UnknownClients } from './choose-clients.js';
import type { RunOptions } from './options.js';

/** What a run is about: known before anything of the database is opened. */
export interface RunPlan {
  readonly clients: readonly ClientEntry[];
  readonly ranges: readonly RangePlan[];
  readonly unknown: UnknownClients;
  /** Mismatches of the database as a whole. */
  readonly database: readonly Mismatch[];
  readonly tables: readonly Table[];
}

/** @throws EnvironmentFault, UsageFault (see listRunClients) */
export function planRun(options: ListOptions): RunPlan {
  const database: Mismatch[] = [];
  const { clients, unknown } = listRunClients(options, (mismatch) => database.push(mismatch));
  const { tags } = options.rows.tags;
  return {
    clients,
    ranges: planRanges(clients),
    unknown,
    database,
    tables: allTables(tags.map(({ column }) => column)),
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
): ChosenClients {
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
  return chosen;
}
