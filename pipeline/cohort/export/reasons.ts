import type { DuckDb } from '../../engine/duckdb.js';

/**
 * How many rows of a table are left out, by the text in its column `reason`; null there: it is not.
 * @returns rows that stay, and counts by reason
 */
export async function countReasons(
  db: DuckDb,
  table: string,
): Promise<{ readonly rows: number; readonly left_out: Record<string, number> }> {
  const found = await db.rows(
    `SELECT reason, count(*) AS n FROM ${table} GROUP BY reason ORDER BY reason NULLS FIRST`,
  );
  const counts = new Map(found.map((row) => [row['reason'] as string | null, Number(row['n'])]));
  const rows = counts.get(null) ?? 0;
  counts.delete(null);
  return { rows, left_out: Object.fromEntries(counts) as Record<string, number> };
}
