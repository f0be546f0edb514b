import { join } from 'node:path';
import type { DuckDb } from '../../engine/duckdb.js';
import { parquetRows } from '../../engine/sql.js';
import { compareClients, parseClientId } from '../../omi-db/client-id.js';
import type { Mismatch } from '../../../schemas/mismatch-kinds.js';
import { hashFile } from '../../storage/read.js';
import type { PublishedSnapshot } from '../published.js';

/**
 * Ids of the clients of a published snapshot; null where a file of its table `clients` is not as it was published.
 */
export async function clientIdsOf(
  db: DuckDb,
  { folder, manifest }: PublishedSnapshot,
): Promise<string[] | null> {
  const files = manifest.tables['clients']?.files ?? [];
  for (const { path, sha256 } of files) {
    const found = await hashFile(join(folder, path)).catch(() => null);
    if (found !== sha256) return null;
  }
  if (files.length === 0) return [];
  const rows = await db.rows(
    `SELECT client_id FROM ${parquetRows(files.map(({ path }) => join(folder, path)))}`,
  );
  return rows.map(({ client_id: id }) => String(id));
}

/**
 * A mismatch for each client of the current snapshot that no tree has, in natural order.
 * @param before ids of its clients
 * @param inTrees ids of all clients that a tree has, those that a run leaves out too
 */
export function findGoneClients(before: readonly string[], inTrees: ReadonlySet<string>): Mismatch[] {
  const gone = before.filter((id) => !inTrees.has(id)).map((id) => parseClientId(id)!);
  return gone.sort(compareClients).map(({ id }) => ({
    kind: 'client_gone',
    client_id: id,
    detail: 'The current snapshot has the client, and no tree has a folder of hers any more.',
  }));
}
