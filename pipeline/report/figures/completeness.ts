import type { Column } from '../../../schemas/column.js';
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

/** To look at all columns is the longest query of a report: in some parts, for several cores. */
const COLUMNS_AT_ONCE = 40;

/** Of the columns of `images`; null when the snapshot has no such table. */
export async function completeness(tables: SnapshotTables, ledger: Ledger): Promise<Completeness | null> {
  const table = tables.tables.find(({ name }) => name === 'images');
  if (table === undefined || !tables.has('images')) return null;
  const columns = table.columns.filter(({ name }) => !table.key.includes(name));
  const rows = await countFilled(tables, columns);
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

/** A row for each maker: how many images it has, and in `c0`, `c1`... how many of them have a value in each column. */
async function countFilled(tables: SnapshotTables, columns: readonly Column[]): Promise<QueryRow[]> {
  const counts = columns.map(({ name }, i) => `count(${sqlName(name)}) AS c${i}`);
  const starts = counts.flatMap((_, i) => (i % COLUMNS_AT_ONCE === 0 ? [i] : []));
  const answers = await Promise.all(
    starts.map((start) =>
      tables.rows(
        `SELECT ${makerOfImages(tables)} AS maker, count(*) AS images,
           ${counts.slice(start, start + COLUMNS_AT_ONCE).join(', ')}
         FROM images GROUP BY ALL ORDER BY images DESC, maker`,
      ),
    ),
  );
  // The makers, and their order, are the same in all.
  return (answers[0] ?? []).map(
    (_, maker) => Object.assign({}, ...answers.map((rows) => rows[maker]!)) as QueryRow,
  );
}

function partOf(row: QueryRow, column: string, part: string, n: number, ledger: Ledger): Count {
  return ledger.count(`images|maker=${String(row['maker'])}|${part}=${column}`, n);
}
