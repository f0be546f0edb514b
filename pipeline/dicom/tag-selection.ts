import { createHash } from 'node:crypto';
import { schemaFile } from '../../schemas/files.js';
import type { SelectedTag, TagSelection } from './selected-tag.js';
import { readRows, RowError, TagSelectionError } from './tag-csv.js';
import { toSelectedTag } from './tag-row.js';

export type { SelectedTag, TagSelection } from './selected-tag.js';
export { TagSelectionError } from './tag-csv.js';

/**
 * The DICOM elements to make columns of, from CSV files with the fields keyword, tag, vr, within, column, type and
 * unit, and optionally creator, fallback and description.
 * @param file path of the file; the selection that is shipped when left out
 * @param reserved names that other columns of the table already have
 * @param add path of a file whose tags come after those of `file`
 * @throws TagSelectionError when a file cannot be read or a row cannot be used
 */
export function loadTagSelection(
  file = schemaFile('dicom/tags.csv'),
  reserved: ReadonlySet<string> = new Set(),
  add: string | null = null,
): TagSelection {
  const places = new Map<string, string>();
  const tags = [file, ...(add === null ? [] : [add])].flatMap((path) => loadTags(path, reserved, places));
  return { tags, id: createHash('sha256').update(JSON.stringify(tags)).digest('hex') };
}

/** @param places where each column was named, of the files before too */
function loadTags(file: string, reserved: ReadonlySet<string>, places: Map<string, string>): SelectedTag[] {
  const tags = readRows(file).map(({ row, line }) => {
    try {
      const tag = toSelectedTag(row);
      checkName(tag.column.name, reserved, places);
      places.set(tag.column.name, `line ${line} of ${file}`);
      return tag;
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      throw new TagSelectionError(`${file}, line ${line}: ${error.message}`, { cause: error });
    }
  });
  if (tags.length === 0) throw new TagSelectionError(`${file} selects no tag: add a row for each tag`);
  return tags;
}

function checkName(name: string, reserved: ReadonlySet<string>, places: ReadonlyMap<string, string>): void {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    throw new RowError(`column ${JSON.stringify(name)} is not snake_case: use a-z, 0-9 and _`);
  if (reserved.has(name))
    throw new RowError(`column ${name} is one that the images table already has: choose another name`);
  const place = places.get(name);
  if (place !== undefined) throw new RowError(`column ${name} is also on ${place}: choose another name`);
}
