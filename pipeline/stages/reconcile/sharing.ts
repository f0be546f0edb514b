import { join } from 'node:path';
import type { DuckDb } from '../../engine/duckdb.js';
import { parquetRows } from '../../engine/sql.js';
import { splitGroups } from '../../semantics/splits.js';
import type { PartReceipt } from '../write/part-file.js';

/**
 * The groups of women who share an image, by client; see splitGroups. DuckDB, which spills what does not fit into memory,
 * looks over the finished part files of `images`: what is in memory here grows with the images that are shared.
 */
export async function findSplitGroups(
  db: DuckDb,
  snapshot: string,
  parts: readonly PartReceipt[],
): Promise<ReadonlyMap<string, string>> {
  if (parts.length === 0) return new Map();
  const images = parquetRows(parts.map(({ path }) => join(snapshot, path)));
  // Names of clients are letters and digits. Only of images that stand in two rows are they put together: of all images that
  // would take three times the memory, which DuckDB does not count as its own.
  const rows = await db.rows(`
    SELECT DISTINCT clients FROM (
      SELECT string_agg(DISTINCT client_id, ' ') AS clients FROM ${images}
      WHERE sop_instance_uid IN (
        SELECT sop_instance_uid FROM ${images} GROUP BY sop_instance_uid HAVING count(*) > 1)
      GROUP BY sop_instance_uid HAVING min(client_id) <> max(client_id))`);
  return splitGroups(rows.map((row) => String(row['clients']).split(' ')));
}
