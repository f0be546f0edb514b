import { sqlText } from '../../engine/sql.js';
import type { SnapshotTables } from '../snapshot-tables.js';
import { MOST_MAKERS, NONE, OTHERS } from './facts.js';

/** Makers of `images`: the short name follows from the text of the tag, so a small table of the texts saves joining images with images. */

/** Makes the table, where the snapshot has what it needs. */
export async function makeMakers(tables: SnapshotTables): Promise<void> {
  const short = shortName(tables);
  if (short === null) return;
  await tables.rows(`CREATE TABLE makers AS
    WITH named AS (SELECT manufacturer AS words, min(${short}) AS name, count(*) AS images
      FROM image_summary WHERE manufacturer IS NOT NULL GROUP BY ALL),
    top AS (SELECT coalesce(${short}, ${sqlText(NONE)}) AS name FROM image_summary
      GROUP BY ALL ORDER BY count(*) DESC, name LIMIT ${MOST_MAKERS})
    SELECT map_from_entries(list({k: words, v: CASE WHEN coalesce(name, ${sqlText(NONE)}) IN (SELECT name FROM top)
      THEN coalesce(name, ${sqlText(NONE)}) ELSE ${sqlText(OTHERS)} END} ORDER BY words)) AS name_of FROM named`);
}

/** An expression for the short name of the maker of each row of `images`, as the other figures have it. */
export function makerOfImages(tables: SnapshotTables): string {
  if (shortName(tables) === null) return sqlText(NONE);
  return `coalesce((SELECT name_of FROM makers)[manufacturer], ${sqlText(NONE)})`;
}

/** The column of short names; null when makers cannot be told by it. */
function shortName(tables: SnapshotTables): string | null {
  const canTell = tables.has('image_summary', 'manufacturer') && tables.has('images', 'manufacturer');
  return canTell ? tables.column('image_summary', 'manufacturer_name', 'manufacturer') : null;
}
