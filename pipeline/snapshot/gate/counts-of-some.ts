import { join } from 'node:path';
import type { DuckDb } from '../../engine/duckdb.js';
import { parquetRows, textRows } from '../../engine/sql.js';
import { LineFile } from '../../storage/work-file.js';
import { partFiles, listTables } from '../published.js';
import type { Counts } from './check.js';

const ROWS = {
  studies: { table: 'studies', where: 'true' },
  images: { table: 'images', where: 'true' },
  dicom_files: { table: 'images', where: 'has_dicom' },
  boxes: { table: 'boxes', where: 'true' },
} as const;

/**
 * The counts of some clients of a snapshot.
 * @param clients ids that the snapshot has
 * @param work folder for what is needed only for that
 */
export async function countsOfSome(
  db: DuckDb,
  snapshot: string,
  clients: readonly string[],
  work: string,
): Promise<Counts> {
  const list = join(work, 'clients-held-against');
  const lines = new LineFile(list);
  for (const id of clients) lines.add(id);
  lines.finish();
  const counts: Record<string, number> = { clients: clients.length };
  const tables = listTables(snapshot);
  for (const [what, { table, where }] of Object.entries(ROWS)) {
    if (!tables.includes(table)) continue;
    const [row] = await db.rows(
      `SELECT count(*)::INT AS n FROM ${parquetRows(partFiles(snapshot, table))}
       SEMI JOIN ${textRows([list], 'client_id')} USING (client_id) WHERE ${where}`,
    );
    counts[what] = Number(row!['n']);
  }
  return counts;
}
