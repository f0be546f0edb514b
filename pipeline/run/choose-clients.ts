import { UsageFault } from '../base/fault.js';
import { parseClientId } from '../omi-db/client-id.js';
import type { ClientEntry } from '../stages/discover.js';
import type { RowOptions } from './options.js';

/** Which clients of the database a run takes, by the lists that it was given. */

export type ClientLists = Pick<RowOptions, 'includeClients' | 'excludeClients'>;

/** Clients of the lists that no tree has. */
export interface UnknownClients {
  readonly included: readonly string[];
  readonly excluded: readonly string[];
}

export interface ChosenClients {
  readonly clients: readonly ClientEntry[];
  readonly unknown: UnknownClients;
}

/**
 * @param all clients of the database, in natural order
 * @param allowUnknown whether to go on where a list is not sure to do what it is meant to do
 * @throws UsageFault when a list names a client that no tree has, or one is left out and another, whose id differs from
 *   hers in case or zeros only, is not: it may be the same woman
 */
export function chooseClients(
  all: readonly ClientEntry[],
  { includeClients, excludeClients }: ClientLists,
  allowUnknown: boolean,
): ChosenClients {
  const known = new Set(all.map(({ id }) => id));
  const include = includeClients === null ? null : new Set(includeClients);
  const exclude = new Set(excludeClients);
  const clients = all.filter(({ id }) => include?.has(id) !== false && !exclude.has(id));
  const unknown = {
    included: (includeClients ?? []).filter((id) => !known.has(id)),
    excluded: excludeClients.filter((id) => !known.has(id)),
  };
  if (!allowUnknown) {
    refuseUnknown('--clients-file', unknown.included, all);
    refuseUnknown('--exclude-clients-file', unknown.excluded, all);
    refuseTwins(exclude, clients);
  }
  return { clients, unknown };
}

const GO_ON = 'mend the list, or give --allow-unknown-clients to go on';
const NAMED = 5;

function refuseUnknown(option: string, unknown: readonly string[], all: readonly ClientEntry[]): void {
  if (unknown.length === 0) return;
  const near = bySpelling(all);
  const named = unknown.slice(0, NAMED).map((id) => {
    const twin = near.get(spellingOf(id));
    return twin === undefined ? id : `${id} (there is ${twin})`;
  });
  const more = unknown.length > NAMED ? ` and ${unknown.length - NAMED} more` : '';
  throw new UsageFault(`${option} names clients that are in no tree: ${named.join(', ')}${more}: ${GO_ON}`);
}

function refuseTwins(excluded: ReadonlySet<string>, taken: readonly ClientEntry[]): void {
  if (excluded.size === 0) return;
  const near = bySpelling(taken);
  for (const id of excluded) {
    const twin = near.get(spellingOf(id));
    if (twin !== undefined)
      throw new UsageFault(
        `--exclude-clients-file names ${id}, and ${twin} would stay in, who may be the same: ${GO_ON}`,
      );
  }
}

function bySpelling(clients: readonly ClientEntry[]): ReadonlyMap<string, string> {
  return new Map(clients.map(({ id }) => [spellingOf(id), id]));
}

/** The same for ids that differ in case or in zeros before the number only. */
function spellingOf(id: string): string {
  const { prefix, number } = parseClientId(id)!;
  return `${prefix.toLowerCase()}${number}`;
}
