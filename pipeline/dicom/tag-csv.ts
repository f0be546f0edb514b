import { parse } from 'csv-parse/sync';
import { UsageFault } from '../base/fault.js';
import { readText } from '../storage/read.js';

/** The CSV files that tag selections are written in: a row for each tag. */

/** A tag selection that cannot be used; the message names file, line and what to do. */
export class TagSelectionError extends UsageFault {
  override readonly name = 'TagSelectionError';
}

/** Says what is wrong with a row; the caller adds where. */
export class RowError extends Error {}

const FIELDS = [
  'keyword',
  'tag',
  'vr',
  'within',
  'column',
  'type',
  'unit',
  'creator',
  'fallback',
  'description',
] as const;
export type Row = Record<(typeof FIELDS)[number], string>;

/**
 * The rows of a tag selection, each with its line; fields that the file does not have are empty.
 * @throws TagSelectionError when the file cannot be read, or is no table of these fields
 */
export function readRows(file: string): { row: Row; line: number }[] {
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(readText(file), {
      bom: true,
      comment: '#',
      comment_no_infix: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as typeof records;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TagSelectionError(`${file} cannot be read as a tag selection (${reason}): give a CSV file`, {
      cause: error,
    });
  }
  const header = checkHeader(file, records.shift()?.record ?? []);
  return records.map(({ record, info }) => {
    if (record.length !== header.length)
      throw new TagSelectionError(
        `${file}, line ${info.lines}: ${record.length} fields where the header has ${header.length}: ` +
          'put a comma for each field, and quotes around a field that holds commas',
      );
    const fields = header.map((name, index) => [name, record[index]!] as const);
    const row = { ...EMPTY_ROW, ...Object.fromEntries(fields) };
    return { row, line: info.lines };
  });
}

const EMPTY_ROW = Object.fromEntries(FIELDS.map((name) => [name, ''])) as Row;

function checkHeader(file: string, header: readonly string[]): readonly string[] {
  const unknown = header.find((name) => !(FIELDS as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new TagSelectionError(
      `${file}, line 1: unknown field ${JSON.stringify(unknown)}: use ${FIELDS.join(', ')}`,
    );
  if (!header.includes('column') || !header.includes('keyword'))
    throw new TagSelectionError(`${file}, line 1: the fields keyword and column are needed`);
  if (new Set(header).size !== header.length)
    throw new TagSelectionError(`${file}, line 1: a field stands twice: name each field once`);
  return header;
}
