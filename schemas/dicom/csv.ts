import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { schemaFile } from '../files.js';

/**
 * The rows of a table that is shipped in `schemas/`: a line of column names, comments from `#` on.
 * @param file e.g. `dicom/views.csv`
 */
export function readSchemaCsv<Name extends string>(file: string): readonly Readonly<Record<Name, string>>[] {
  const text = readFileSync(schemaFile(file), 'utf8');
  return parse<Record<Name, string>>(text, {
    columns: true,
    comment: '#',
    skip_empty_lines: true,
    bom: true,
  });
}
