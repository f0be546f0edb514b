import type { QueryRow } from '../../engine/duckdb.js';
import { sqlName } from '../../engine/sql.js';
import type { Count, Ledger } from '../counts.js';
import type { SnapshotTables } from '../snapshot-tables.js';
import { makerOfImages } from './makers.js';

/** In how many images each column has a value, by manufacturer: tags that one maker never fills bias whatever uses them. */
export interface Completeness {
  /** Manufacturers, by short name, the most frequent first. */
  readonly makers: readonly string[];
  readonly images: readonly Count[];
  readonly columns: readonly ColumnCompleteness[];
}

export interface ColumnCompleteness {
  readonly name: string;
  readonly description: string;
  /** Images with a value, for each manufacturer. */
  readonly filled: readonly Count[];
  readonly missing: readonly Count[];
}

/** Of the columns of `images`; null when the snapshot has no such table. */
export async function completeness(tables: SnapshotTables, ledger: Ledger): Promise<Completeness | null> {
  const table = tables.tables.find(({ name }) => name === 'images');
  if (table === undefined || !tables.has('images')) return null;
  const columns = table.columns.filter(({ name }) => !table.key.includes(name));
  const counts = columns.map(({ name }, i) => `count(${sqlName(name)}) AS c${i}`);
  const rows = await tables.rows(
    `SELECT ${makerOfImages(tables)} AS maker, count(*) AS images, ${counts.join(', ')}
     FROM images GROUP BY ALL ORDER BY images DESC, maker`,
  );
  const images = rows.map((row) =>
    ledger.count(`images|maker=${String(row['maker'])}`, Number(row['images'])),
  );
  return {
    makers: rows.map((row) => String(row['maker'])),
    images,
    columns: columns.map(({ name, description }, i) => {
      const filled = rows.map((row) => partOf(row, name, 'filled', Number(row[`c${i}`]), ledger));
      const missing = rows.map((row, maker) =>
        partOf(row, name, 'missing', images[maker]!.n - filled[maker]!.n, ledger),
      );
      for (const [maker, whole] of images.entries()) ledger.sum(whole, [filled[maker]!, missing[maker]!]);
      return { name, description, filled, missing };
    }),
  };
}

function partOf(row: QueryRow, column: string, part: string, n: number, ledger: Ledger): Count {
  return ledger.count(`images|maker=${String(row['maker'])}|${part}=${column}`, n);
}
