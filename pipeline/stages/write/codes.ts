import { codes } from '../../../schemas/tables/codes.js';
import { codeRows } from '../../tables/codes.js';
import { TableBuilder } from './columns.js';
import type { Formats } from './formats.js';
import { writePart, type WrittenPart } from './part.js';

/** Writes the only part of table `codes`: the code lists are the same for every database. */
export function writeCodes(snapshot: string, formats: Formats): Promise<WrittenPart> {
  const builder = new TableBuilder(codes);
  const rows = codeRows();
  for (const row of rows) builder.append(row);
  const streams = () => [builder.finish()];
  return writePart({ table: codes, rows: rows.length, streams }, { snapshot, part: codes.name, formats });
}
