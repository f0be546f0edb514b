import { join } from 'node:path';
import { codes } from '../../../schemas/tables/codes.js';
import { codeRows } from '../flatten/codes.js';
import { arrowPath } from './arrow-path.js';
import { writeArrowPart } from './arrow.js';
import { TableBuilder } from './columns.js';
import { encodeParquet } from './parquet.js';
import { writeFileWhole, type WrittenPart } from './part-file.js';

/** Writes the only part of table `codes`: the code lists are the same for every database. */
export async function writeCodes(snapshot: string, arrow: boolean): Promise<WrittenPart> {
  const builder = new TableBuilder(codes);
  const rows = codeRows();
  for (const row of rows) builder.append(row);
  const path = 'tables/codes/codes.parquet';
  const content = await encodeParquet(codes, [builder.finish()]);
  return {
    parquet: { path, rows: rows.length, ...writeFileWhole(join(snapshot, path), content) },
    arrow: arrow
      ? writeArrowPart(snapshot, arrowPath(codes.name, 'codes'), codes, content, rows.length)
      : null,
  };
}
