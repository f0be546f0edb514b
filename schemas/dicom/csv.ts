import { parse } from 'csv-parse/sync';
import { readSchemaText } from '../files.js';

/**
 * The rows of a table that is shipped in `schemas/`: a line of column names, comments from `#` on.
 * @param file e.g. `dicom/views.csv`
 */
export function readSchemaCsv<Name extends string>(file: string): readonly Readonly<Record<Name, string>>[] {
  return parse<Record<Name, string>>(readSchemaText(file), {
    columns: true,
    comment: '#',
    skip_empty_lines: true,
    bom: true,
  });
}
