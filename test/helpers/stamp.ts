import type { Source } from '../../pipeline/source/source.js';
import { Stamp } from '../../pipeline/stages/stamp.js';
import { walkClient, type ClientEntry } from '../../pipeline/stages/walk.js';

/** The stamp of clients, in the order given. */
export function stampClients(clients: readonly ClientEntry[], source: Source): string {
  const stamp = new Stamp();
  for (const client of clients) stamp.add(client.id, walkClient(client, source, true));
  return stamp.digest();
}
