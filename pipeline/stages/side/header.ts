import { UsageFault } from '../../base/fault.js';
import { snakeCase } from '../../../schemas/snake-case.js';
import { FILE_LINE, SIDE_KEYS } from '../../../schemas/tables/side-table.js';

/** A column that the first line of a CSV file names. */
export interface HeaderColumn {
  /** As the table has it: small letters, digits and `_`. */
  readonly name: string;
  /** As the file has it. */
  readonly header: string;
  /** Which of a record's fields it is. */
  readonly field: number;
  readonly isKey: boolean;
}

/**
 * The columns of a CSV file, keys first, in the order of all tables: of the names of a client, a study and an image, each
 * the first that there is.
 * @param where file and what it is, for sentences
 * @throws UsageFault when there is no key, or a column has no name, or that of another
 */
export function readHeader(fields: readonly string[], where: string): HeaderColumn[] {
  const columns = fields.map((header, field) => headerColumn(header, field));
  const keys = SIDE_KEYS.flatMap(({ spellings, column }) => {
    const found = columns.find(({ name }) => isSpelled(name, spellings));
    return found === undefined ? [] : [{ ...found, name: column.name, isKey: true }];
  });
  if (keys.length === 0)
    throw new UsageFault(
      `${where}, line 1: no column is called client_id, study_instance_uid or sop_instance_uid, ` +
        'which say whom a row is about: name one so, and put commas between columns',
    );
  const taken = new Set(keys.map(({ field }) => field));
  const all = [...keys, ...columns.filter(({ field }) => !taken.has(field))];
  checkNames(all, where);
  return all;
}

function headerColumn(header: string, field: number): HeaderColumn {
  const words = snakeCase(header.normalize('NFC').trim()).replace(/[^\p{L}\p{N}]+/gu, '_');
  return { name: words.replace(/^_|_$/g, ''), header: header.trim(), field, isKey: false };
}

/** `ClientID`, `client_id` and `Client ID` are one spelling. */
function isSpelled(name: string, spellings: readonly string[]): boolean {
  return spellings.includes(name.replaceAll('_', ''));
}

function checkNames(columns: readonly HeaderColumn[], where: string): void {
  const seen = new Map<string, HeaderColumn>();
  for (const column of columns) {
    const { name, header, field } = column;
    const place = `${where}, line 1: column ${field + 1}`;
    if (name === '')
      throw new UsageFault(`${place} has no name: give it one, or leave it away (pandas: index=False)`);
    if (name === FILE_LINE)
      throw new UsageFault(
        `${place}, ${JSON.stringify(header)}, has a name that is taken: call it otherwise`,
      );
    const other = seen.get(name);
    if (other !== undefined)
      throw new UsageFault(
        `${place}, ${JSON.stringify(header)}, and column ${other.field + 1}, ${JSON.stringify(other.header)}, ` +
          `would both be ${name}: call one otherwise`,
      );
    seen.set(name, column);
  }
}
