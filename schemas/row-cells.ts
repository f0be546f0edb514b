import type { Cell, Column, FieldColumn, Table, TagColumn, TakenColumn } from './column.js';

/** Reads one cell of a row; see RowOf for where it lies. */
export type CellReader = (row: RowParts) => Cell;

/** A row of any table: its own cells, and its parts. */
export type RowParts = Readonly<Record<string, unknown>>;

export const isFieldColumn = (column: Column): column is FieldColumn => 'field' in column;
const isTagColumn = (column: Column): column is TagColumn => 'byIndex' in column;
const isTakenColumn = (column: Column): column is TakenColumn => 'from' in column;

/** How each cell of a table's rows is read, in the order of its columns. No value at all reads as null. */
export function cellReaders({ columns }: Table): CellReader[] {
  let tags = 0;
  return columns.map((column) => (isTagColumn(column) ? readTag(tags++) : cellReader(column)));
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

function readTag(index: number): CellReader {
  return ({ tags }) => (tags as readonly Cell[])[index] ?? null;
}

function cellReader(column: Column): CellReader {
  const { name } = column;
  if (isFieldColumn(column)) return ({ fields }) => (fields as Readonly<Record<string, Cell>>)[name] ?? null;
  if (!isTakenColumn(column)) return (row) => (row[name] as Cell | undefined) ?? null;
  const { table, column: from } = column.from;
  const read = cellReader(table.columns.find((candidate) => candidate.name === from)!);
  const part = table.name;
  return (row) => {
    const source = row[part] as RowParts | null;
    return source === null ? null : read(source);
  };
}
