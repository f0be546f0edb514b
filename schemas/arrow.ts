import { Bool, DateDay, Field, Float64, Int32, Int64, List, Schema, Utf8, type DataType } from 'apache-arrow';
import type { ColumnType, Table } from './column.js';
import { columnMetadata } from './column-metadata.js';

const LIST_TYPES: Readonly<Record<string, () => DataType>> = {
  string: () => new Utf8(),
  int: () => new Int32(),
  double: () => new Float64(),
  date: () => new DateDay(),
};

/** The Arrow type of a column type. */
export function arrowType(type: ColumnType): DataType {
  const item = /^list<(.+)>$/.exec(type)?.[1];
  if (item !== undefined) return new List(new Field('item', LIST_TYPES[item]!(), true));
  switch (type) {
    case 'bool':
      return new Bool();
    case 'long':
      return new Int64();
    default:
      return (LIST_TYPES[type] ?? LIST_TYPES['string'])!();
  }
}

/** The Arrow schema of a table; every field carries its description. */
export function arrowSchema(table: Table): Schema {
  const fields = table.columns.map(
    (column) => new Field(column.name, arrowType(column.type), column.nullable, columnMetadata(column)),
  );
  return new Schema(fields, new Map([['description', table.description]]));
}
