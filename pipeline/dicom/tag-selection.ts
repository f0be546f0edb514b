import { createHash } from 'node:crypto';
import { schemaFile } from '../../schemas/files.js';
import type { SelectedTag, TagSelection } from './selected-tag.js';
import { readRows, RowError, TagSelectionError } from './tag-csv.js';
import { toSelectedTag } from './tag-row.js';

export type { SelectedTag, TagSelection } from './selected-tag.js';
export { TagSelectionError } from './tag-csv.js';

/**
 * The DICOM elements to make columns of, from a CSV file with the fields keyword, tag, vr, within, column, type and
 * unit, and optionally creator and description.
 * @param file path of the file; the selection that is shipped when left out
 * @param reserved names that other columns of the table already have
 * @throws TagSelectionError when the file cannot be read or a row cannot be used
 */
export function loadTagSelection(
  file = schemaFile('dicom/tags.csv'),
  reserved: ReadonlySet<string> = new Set(),
): TagSelection {
  const tags: SelectedTag[] = [];
  const linesByColumn = new Map<string, number>();
  for (const { row, line } of readRows(file)) {
    try {
      const tag = toSelectedTag(row);
      checkName(tag.column.name, reserved, linesByColumn);
      linesByColumn.set(tag.column.name, line);
      tags.push(tag);
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      throw new TagSelectionError(`${file}, line ${line}: ${error.message}`, { cause: error });
    }
  }
  if (tags.length === 0) throw new TagSelectionError(`${file} selects no tag: add a row for each tag`);
  return { tags, id: createHash('sha256').update(JSON.stringify(tags)).digest('hex') };
}

function checkName(name: string, reserved: ReadonlySet<string>, lines: ReadonlyMap<string, number>): void {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    throw new RowError(`column ${JSON.stringify(name)} is not snake_case: use a-z, 0-9 and _`);
  if (reserved.has(name))
    throw new RowError(`column ${name} is one that the images table already has: choose another name`);
  const line = lines.get(name);
  if (line !== undefined) throw new RowError(`column ${name} is also on line ${line}: choose another name`);
}
