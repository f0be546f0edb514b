import { codes } from '../../../schemas/tables/codes.js';
import { codeRows } from '../../tables/codes.js';
import { arrowPath } from './arrow-path.js';
import { TableBuilder } from './columns.js';
import { writePart } from './part.js';
import type { WrittenPart } from './part-file.js';

/** Writes the only part of table `codes`: the code lists are the same for every database. */
export function writeCodes(snapshot: string, arrow: boolean): Promise<WrittenPart> {
  const builder = new TableBuilder(codes);
  const rows = codeRows();
  for (const row of rows) builder.append(row);
  return writePart(codes, [builder.finish()], rows.length, {
    snapshot,
    path: 'tables/codes/codes.parquet',
    arrowPath: arrow ? arrowPath(codes.name, 'codes') : null,
  });
}
