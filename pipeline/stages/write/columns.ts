import {
  DataType,
  makeData,
  RecordBatch,
  Struct,
  tableToIPC,
  Table as ArrowTable,
  type Data,
} from 'apache-arrow';
import { arrowType, bareArrowSchema } from '../../../schemas/arrow.js';
import type { AnyRow, Cell, Column, Table } from '../../../schemas/column.js';

type Value = NonNullable<Cell>;

/**
 * Gathers rows of one table as Arrow columns.
 * Arrow's own builders turn whatever they are given into something (`'abc'` into 0, 2^31 into a negative number) and take
 * a call for each cell. Here a column is made in one go, and each cell is checked against its column first: a wrong one
 * is a fault of this program and throws.
 */
export class TableBuilder {
  private readonly rows: AnyRow[] = [];

  constructor(private readonly table: Table) {}

  append(row: AnyRow): void {
    this.rows.push(row);
  }

  /**
   * The rows so far as an Arrow IPC stream of one record batch.
   * @throws TypeError naming the column when a cell is not of its column's type, or missing where it must be there
   */
  finish(): Uint8Array {
    const { table, rows } = this;
    const schema = bareArrowSchema(table);
    const children = table.columns.map((column) => columnData(table, column, rows));
    const data = makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children });
    return tableToIPC(new ArrowTable([new RecordBatch(schema, data)]), 'stream');
  }
}

function columnData(table: Table, column: Column, rows: readonly AnyRow[]): Data {
  const { name } = column;
  const cells = new Array<Cell>(rows.length);
  for (let i = 0; i < rows.length; i++) cells[i] = rows[i]![name] ?? null;
  if (!column.nullable && cells.includes(null))
    throw new TypeError(`${table.name}.${name} has no value, and must have one`);
  return arrayData(arrowType(column.type), column, cells);
}

/** An Arrow array of a column's cells, or of what its lists hold. */
function arrayData(type: DataType, column: Column, cells: readonly Cell[]): Data {
  const common = { length: cells.length, ...validity(cells) };
  if (DataType.isList(type)) {
    const valueOffsets = new Int32Array(cells.length + 1);
    const items = listItems(column, cells, valueOffsets);
    const child = arrayData(type.valueType as DataType, { ...column, type: itemType(column) }, items);
    return makeData({ type, ...common, valueOffsets, child });
  }
  if (column.type === 'string' || column.type === 'json') {
    const valueOffsets = new Int32Array(cells.length + 1);
    const data = encodeTexts(column, cells, valueOffsets);
    return makeData({ type, ...common, valueOffsets, data } as never);
  }
  return makeData({ type, ...common, data: numbers(column, cells) } as never);
}

/** `list<int>` -> `int` */
function itemType(column: Column): Column['type'] {
  return column.type.slice('list<'.length, -1) as Column['type'];
}

/** Which cells hold a value: a bit for each, the first in the lowest; none at all where every cell does. */
function validity(cells: readonly Cell[]): { nullCount: number; nullBitmap?: Uint8Array } {
  let nullCount = 0;
  const nullBitmap = new Uint8Array((cells.length + 7) >> 3);
  for (let i = 0; i < cells.length; i++) {
    if (cells[i] === null) nullCount++;
    else nullBitmap[i >> 3]! |= 1 << (i & 7);
  }
  return nullCount === 0 ? { nullCount } : { nullCount, nullBitmap };
}

function listItems(column: Column, cells: readonly Cell[], offsets: Int32Array): Value[] {
  const items: Value[] = [];
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] ?? null;
    if (Array.isArray(cell)) for (const item of cell as readonly Value[]) items.push(item);
    else if (cell !== null) wrongType(column, cell);
    offsets[i + 1] = items.length;
  }
  return items;
}

const utf8 = new TextEncoder();

/** The bytes of all texts after each other; encoded at once, because a call for each text is what takes the time. */
function encodeTexts(column: Column, cells: readonly Cell[], offsets: Int32Array): Uint8Array {
  const texts: string[] = [];
  let length = 0;
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] ?? null;
    if (typeof cell === 'string') {
      texts.push(cell);
      length += cell.length;
    } else if (cell !== null) wrongType(column, cell);
    offsets[i + 1] = length;
  }
  const bytes = utf8.encode(texts.join(''));
  // As many bytes as characters: all of them are ASCII, and the offsets hold.
  if (bytes.length === length) return bytes;
  let end = 0;
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    if (typeof cell === 'string') end += Buffer.byteLength(cell);
    offsets[i + 1] = end;
  }
  // Two halves of a character, at the end of one text and the start of the next, must not become one.
  return end === bytes.length ? bytes : Buffer.concat(texts.map((text) => utf8.encode(text)));
}

type NumberArray = Uint8Array | Int32Array | Float64Array | BigInt64Array;

/** The values of a column whose values all take the same number of bits; 0 where there is none. */
function numbers(column: Column, cells: readonly Cell[]): NumberArray {
  switch (column.type) {
    case 'bool':
      return fill(new Uint8Array((cells.length + 7) >> 3), column, cells, isBoolean, (array, i, cell) => {
        if (cell) array[i >> 3]! |= 1 << (i & 7);
      });
    case 'long':
      return fill(new BigInt64Array(cells.length), column, cells, isLong, (array, i, cell) => {
        array[i] = BigInt(cell);
      });
    case 'double':
      return fill(new Float64Array(cells.length), column, cells, isFinite, (array, i, cell) => {
        array[i] = cell;
      });
    default:
      // Whole numbers of 32 bits, and dates as days.
      return fill(new Int32Array(cells.length), column, cells, isInt, (array, i, cell) => {
        array[i] = cell;
      });
  }
}

function fill<Target, Kind extends Value>(
  target: Target,
  column: Column,
  cells: readonly Cell[],
  isKind: (cell: unknown) => cell is Kind,
  set: (target: Target, index: number, cell: Kind) => void,
): Target {
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] ?? null;
    if (cell === null) continue;
    if (isKind(cell)) set(target, i, cell);
    else wrongType(column, cell);
  }
  return target;
}

const isBoolean = (cell: unknown): cell is boolean => typeof cell === 'boolean';
const isLong = (cell: unknown): cell is number => Number.isSafeInteger(cell);
const isFinite = (cell: unknown): cell is number => Number.isFinite(cell);
/** `| 0` leaves exactly the integers of 32 bits as they are. */
const isInt = (cell: unknown): cell is number => ((cell as number) | 0) === cell;

function wrongType(column: Column, cell: unknown): never {
  throw new TypeError(`column ${column.name} holds ${column.type}, but was given a ${typeof cell}`);
}
