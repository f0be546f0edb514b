import { column, required, table, type Column, type Table } from '../column.js';
import { clientId, sopInstanceUid, studyInstanceUid } from './keys.js';

/** Tables that users bring along as CSV files (`--side-table`): their columns are only known when the file is read. */

/**
 * Key columns that a side table may have, coarsest first: how the header spells them, in small letters without
 * punctuation, and the table whose rows they name.
 */
export const SIDE_KEYS = [
  { column: clientId, spellings: ['clientid'], parent: 'clients', thing: 'client' },
  {
    column: studyInstanceUid,
    spellings: ['studyinstanceuid', 'studyiuid', 'studyuid'],
    parent: 'studies',
    thing: 'study',
  },
  {
    column: sopInstanceUid,
    spellings: ['sopinstanceuid', 'sopiuid', 'sopuid', 'imagesopiuid'],
    parent: 'images',
    thing: 'image',
  },
] as const;

/** The column that says where in its file a row stands. */
export const FILE_LINE = 'file_line';

/** Types that a column of a CSV file may be found to have. */
export type SideType = 'string' | 'bool' | 'long' | 'double' | 'date';

/** A column of a CSV file and of the table that is made of it. */
export interface SideColumn {
  readonly name: string;
  /** As the file names it. */
  readonly header: string;
  readonly type: SideType;
  readonly isKey: boolean;
}

export interface SideTableFacts {
  /** With `side_` before it. */
  readonly name: string;
  /** Name of the file, without its folder. */
  readonly file: string;
  /** Keys first. */
  readonly columns: readonly SideColumn[];
}

/** Of the rows of `parent`, what its key columns in a side table name. */
export function sideParent(columns: readonly SideColumn[]): (typeof SIDE_KEYS)[number] {
  const keys = new Set(columns.filter(({ isKey }) => isKey).map(({ name }) => name));
  // The finest: a row with a client and a study is of the study.
  return SIDE_KEYS.findLast((key) => keys.has(key.column.name))!;
}

/**
 * The table of a CSV file.
 * @param isOneRowEach whether no two rows have the same ids. Else the line is a part of the key, so that nobody joins by
 *   the ids and gets rows twice without knowing
 */
export function sideTable({ name, file, columns }: SideTableFacts, isOneRowEach: boolean): Table {
  const ids = columns.filter(({ isKey }) => isKey).map((each) => each.name);
  const { parent, thing } = sideParent(columns);
  const by = `Join it to other tables by ${ids.join(', ')}.`;
  return table(name, {
    description: isOneRowEach
      ? `The rows of ${file}, a file that the user gave: one for each ${thing} that it has. ${by}`
      : `The rows of ${file}, a file that the user gave: several may be of one ${thing}. Bring them down to one of each before you join by ${ids.join(', ')}.`,
    key: isOneRowEach ? ids : [...ids, FILE_LINE],
    parents: [{ table: parent, columns: ids }],
    columns: [
      ...columns.filter(({ isKey }) => isKey).map((each) => keyColumn(each, file)),
      required(FILE_LINE, 'long', {
        description: `The line of ${file} on which the row ends; the header is line 1.`,
        source: file,
      }),
      ...columns.filter(({ isKey }) => !isKey).map((each) => valueColumn(each, file)),
    ],
  });
}

function keyColumn({ name, header }: SideColumn, file: string): Column {
  const known = SIDE_KEYS.find((key) => key.column.name === name)!;
  return { ...known.column, source: placeOf(header, file) };
}

/** What people typed into it nobody knows. */
function valueColumn({ name, header, type }: SideColumn, file: string): Column {
  const source = placeOf(header, file);
  return column(name, type, {
    description: `Column ${header} of ${file}.`,
    source,
    freeText: type === 'string',
  });
}

function placeOf(header: string, file: string): string {
  return `column ${header} of ${file}`;
}
