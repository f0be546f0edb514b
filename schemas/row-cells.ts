import type { Cell, Column, FieldColumn, Table, TagColumn, TakenColumn } from './column.js';

/** A row of any table: its own cells, and its parts. */
export type RowParts = Readonly<Record<string, unknown>>;

type Cells = Readonly<Record<string, Cell | undefined>>;

/** What cells lie in: a row, its `fields`, or a row of another table; null where there is none. */
type Holder = Cells | null;

/** A part that rows of a table have. */
interface Part {
  /** Names that lead from a row to it; none for the row itself. */
  readonly path: readonly string[];
  /** That of each row which is being read, in turn. */
  holders: readonly Holder[];
}

/** Where the cells of a column lie: in which part, and there under which name, or at which index. */
interface Place {
  readonly part: Part;
  readonly key: string | number;
}

export const isFieldColumn = (column: Column): column is FieldColumn => 'field' in column;
const isTagColumn = (column: Column): column is TagColumn => 'byIndex' in column;
const isTakenColumn = (column: Column): column is TakenColumn => 'from' in column;

/**
 * Takes the cells of rows of one table, some rows at a time, column by column; see RowOf for where they lie. Every part of
 * a row is looked up once, not for each of its columns: there are some three hundred cells to an image.
 */
export class RowReader {
  readonly #parts: readonly Part[];
  readonly #places: readonly Place[];
  #rows = 0;

  constructor({ columns }: Table) {
    const parts = new Map<string, Part>();
    let tags = 0;
    this.#places = columns.map((column) => {
      const path = pathOf(column);
      const name = path.join();
      const part = parts.get(name) ?? { path, holders: [] };
      parts.set(name, part);
      return { part, key: isTagColumn(column) ? tags++ : nameOf(column) };
    });
    this.#parts = [...parts.values()];
  }

  /** Begins with some rows. */
  take(rows: readonly RowParts[]): void {
    this.#rows = rows.length;
    for (const part of this.#parts) {
      const { path } = part;
      const holders = new Array<Holder>(rows.length).fill(null);
      for (let i = 0; i < rows.length; i++) holders[i] = holderIn(rows[i]!, path);
      part.holders = holders;
    }
  }

  /** The cells of a column of these rows, by its place in the table; no value at all reads as null. */
  read(column: number, cells: Cell[]): void {
    const { part, key } = this.#places[column]!;
    const { holders } = part;
    if (typeof key === 'string') readNamed(holders, key, this.#rows, cells);
    else readIndexed(holders, key, this.#rows, cells);
  }
}

/** The names of what a row of a table may have: own cells and parts. */
export function rowKeys({ columns }: Table): ReadonlySet<string> {
  return new Set(columns.map((column) => pathOf(column)[0] ?? column.name));
}

/** Of the rows that have one of another table, a cell is there its own or a field's. */
function pathOf(column: Column): readonly string[] {
  if (isFieldColumn(column)) return ['fields'];
  if (isTagColumn(column)) return ['tags'];
  if (!isTakenColumn(column)) return [];
  const { name } = column.from.table;
  return isFieldColumn(takenColumn(column)) ? [name, 'fields'] : [name];
}

function nameOf(column: Column): string {
  return isTakenColumn(column) ? column.from.column : column.name;
}

function takenColumn({ from: { table, column: name } }: TakenColumn): Column {
  return table.columns.find((column) => column.name === name)!;
}

function holderIn(row: RowParts, path: readonly string[]): Holder {
  let holder: unknown = row;
  for (let i = 0; i < path.length; i++) holder = (holder as RowParts | null)?.[path[i]!] ?? null;
  return holder as Holder;
}

// A loop for each sort of key, not a call for each cell. Rows often share a part with the one before: images their study.

function readNamed(holders: readonly Holder[], name: string, rows: number, cells: Cell[]): void {
  let holder: Holder = null;
  let cell: Cell = null;
  for (let i = 0; i < rows; i++) {
    const next = holders[i] as Holder;
    if (next !== holder) {
      holder = next;
      cell = next === null ? null : (next[name] ?? null);
    }
    cells[i] = cell;
  }
}

function readIndexed(holders: readonly Holder[], index: number, rows: number, cells: Cell[]): void {
  for (let i = 0; i < rows; i++) cells[i] = (holders[i] as readonly Cell[] | null)?.[index] ?? null;
}
