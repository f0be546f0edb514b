import type { Cell, Column, FieldColumn, Table, TagColumn, TakenColumn } from './column.js';

/** Takes the cells of one column out of some rows; see RowOf for where they lie. No value at all reads as null. */
export type CellReader = (rows: readonly RowParts[], cells: Cell[]) => void;

/** A row of any table: its own cells, and its parts. */
export type RowParts = Readonly<Record<string, unknown>>;

type Cells = Readonly<Record<string, Cell | undefined>>;

export const isFieldColumn = (column: Column): column is FieldColumn => 'field' in column;
const isTagColumn = (column: Column): column is TagColumn => 'byIndex' in column;
const isTakenColumn = (column: Column): column is TakenColumn => 'from' in column;

/** A reader for each column of a table, in their order. */
export function cellReaders({ columns }: Table): CellReader[] {
  let tags = 0;
  return columns.map((column) => {
    if (isTagColumn(column)) return readTags(tags++);
    if (isTakenColumn(column)) return readTaken(column);
    return isFieldColumn(column) ? readFields(column.name) : readOwn(column.name);
  });
}

/** The names of what a row of a table may have: own cells and parts. */
export function rowKeys({ columns }: Table): ReadonlySet<string> {
  return new Set(columns.map(partOf));
}

function partOf(column: Column): string {
  if (isFieldColumn(column)) return 'fields';
  if (isTagColumn(column)) return 'tags';
  return isTakenColumn(column) ? column.from.table.name : column.name;
}

// A loop for each sort of column, not a call for each cell: there are some two hundred to an image.

function readOwn(name: string): CellReader {
  return (rows, cells) => {
    for (let i = 0; i < rows.length; i++) cells[i] = (rows[i] as Cells)[name] ?? null;
  };
}

function readFields(name: string): CellReader {
  return (rows, cells) => {
    for (let i = 0; i < rows.length; i++) cells[i] = (rows[i]!['fields'] as Cells)[name] ?? null;
  };
}

function readTags(index: number): CellReader {
  return (rows, cells) => {
    for (let i = 0; i < rows.length; i++) cells[i] = (rows[i]!['tags'] as readonly Cell[])[index] ?? null;
  };
}

/** Of the rows that have one of the other table, its cell there, which is its own or a field's. */
function readTaken({ from: { table, column: name } }: TakenColumn): CellReader {
  const part = table.name;
  const isField = isFieldColumn(table.columns.find((column) => column.name === name)!);
  return (rows, cells) => {
    for (let i = 0; i < rows.length; i++) {
      const source = rows[i]![part] as RowParts | null;
      const holder = isField ? (source?.['fields'] ?? null) : source;
      cells[i] = (holder as Cells | null)?.[name] ?? null;
    }
  };
}
