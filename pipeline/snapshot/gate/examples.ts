import type { DuckDb } from '../../engine/duckdb.js';
import { parquetRows, sqlText } from '../../engine/sql.js';
import type { GateResult } from '../manifest.js';
import { listTables, partFiles } from '../published.js';

/** So many clients are named for each. */
const NAMED = 3;

/**
 * The clients who have most to do with what fell, or rose.
 * @param before folder of the current snapshot
 * @param now folder of the new one
 */
export async function findExamples(
  db: DuckDb,
  { what, direction }: GateResult,
  before: string,
  now: string,
): Promise<string[]> {
  const { table, where } = rowsOf(what, direction);
  const perClient = (snapshot: string) =>
    listTables(snapshot).includes(table)
      ? `(SELECT client_id, count(*) AS n FROM ${parquetRows(partFiles(snapshot, table))} WHERE client_id IS NOT NULL AND ${where} GROUP BY ALL)`
      : `(SELECT NULL::VARCHAR AS client_id, 0 AS n WHERE false)`;
  const [more, fewer] = direction === 'fall' ? [before, now] : [now, before];
  const rows = await db.rows(`
    SELECT client_id FROM ${perClient(more)} a LEFT JOIN ${perClient(fewer)} b USING (client_id)
    WHERE a.n > coalesce(b.n, 0)
    ORDER BY a.n - coalesce(b.n, 0) DESC, length(client_id), client_id LIMIT ${NAMED}`);
  return rows.map(({ client_id: id }) => String(id));
}

function rowsOf(
  what: GateResult['what'],
  direction: GateResult['direction'],
): { table: string; where: string } {
  if (direction === 'rise')
    return {
      table: 'mismatches',
      where: what === 'error' ? `severity = 'error'` : `kind = ${sqlText(what)}`,
    };
  if (what === 'dicom_files') return { table: 'images', where: 'has_dicom' };
  return { table: what, where: 'true' };
}
