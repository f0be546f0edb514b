import {
  makeBuilder,
  makeData,
  RecordBatch,
  Struct,
  tableToIPC,
  Table as ArrowTable,
  type Builder,
  type DataType,
  type Field,
  type Data,
} from 'apache-arrow';
import { bareArrowSchema } from '../../../schemas/arrow.js';
import type { AnyRow, Cell, Column, Table } from '../../../schemas/column.js';

const MS_PER_DAY = 86_400_000;

/**
 * Gathers rows of one table as Arrow columns.
 * Arrow's builders turn whatever they are given into something (`'abc'` into 0, 2^31 into a negative number), so each
 * cell is checked against its column first: a wrong one is a fault of this program and throws.
 */
export class TableBuilder {
  private readonly builders: readonly Builder[];
  private readonly converters: readonly Converter[];
  private length = 0;

  constructor(private readonly table: Table) {
    const schema = bareArrowSchema(table);
    this.builders = schema.fields.map((field: Field) =>
      makeBuilder({ type: field.type as DataType, nullValues: [null, undefined] }),
    );
    this.converters = table.columns.map(converterOf);
  }

  append(row: AnyRow): void {
    const { columns } = this.table;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      const cell = row[column.name] ?? null;
      if (cell === null) {
        if (!column.nullable)
          throw new TypeError(`${this.table.name}.${column.name} has no value, and must have one`);
        this.builders[i]!.append(null);
      } else {
        this.builders[i]!.append(this.converters[i]!(cell));
      }
    }
    this.length++;
  }

  /** The rows so far as an Arrow IPC stream of one record batch. */
  finish(): Uint8Array {
    const schema = bareArrowSchema(this.table);
    const children = this.builders.map((builder) => builder.finish().flush() as Data);
    const data = makeData({ type: new Struct(schema.fields), length: this.length, nullCount: 0, children });
    return tableToIPC(new ArrowTable([new RecordBatch(schema, data)]), 'stream');
  }
}

type Converter = (cell: NonNullable<Cell>) => unknown;

function converterOf(column: Column): Converter {
  const item = /^list<(.+)>$/.exec(column.type)?.[1];
  if (item === undefined) return scalarConverter(column, column.type);
  const convertItem = scalarConverter(column, item);
  return (cell) => {
    if (!Array.isArray(cell)) return wrongType(column, cell);
    return (cell as readonly (string | number)[]).map(convertItem);
  };
}

function scalarConverter(column: Column, type: string): Converter {
  switch (type) {
    case 'bool':
      return (cell) => (typeof cell === 'boolean' ? cell : wrongType(column, cell));
    case 'int':
      // `| 0` leaves exactly the integers of 32 bits as they are.
      return (cell) => (((cell as number) | 0) === cell ? cell : wrongType(column, cell));
    case 'long':
      return (cell) => (Number.isSafeInteger(cell) ? BigInt(cell as number) : wrongType(column, cell));
    case 'double':
      return (cell) => (typeof cell === 'number' && Number.isFinite(cell) ? cell : wrongType(column, cell));
    case 'date':
      return (cell) =>
        Number.isInteger(cell) ? new Date((cell as number) * MS_PER_DAY) : wrongType(column, cell);
    default:
      return (cell) => (typeof cell === 'string' ? cell : wrongType(column, cell));
  }
}

function wrongType(column: Column, cell: unknown): never {
  throw new TypeError(`column ${column.name} holds ${column.type}, but was given a ${typeof cell}`);
}
