import type { Column, Table, TakenColumn } from './column.js';
import type { ColumnName, ColumnNamed } from './row.js';

interface Repeats<T extends Table, From extends string> {
  readonly table: T;
  readonly column: From;
}

interface Words {
  readonly description: string;
  /** Where the value comes from, where more is to be said than the table, and the column where it has another name. */
  readonly source?: string;
}

/**
 * A column that repeats one of another table, with its type, unit and code list. It may be null, whether the other may or
 * not: there may be no row to take it from.
 */
export function taken<const Name extends string, T extends Table, const From extends ColumnName<T> & string>(
  name: Name,
  table: T,
  column: From,
  words: Words,
): TakenColumn<Name, ColumnNamed<T, From>['type'], true, T> {
  return { ...repeat(name, { table, column }, words), nullable: true };
}

/** As `taken`, of a column that always has a value. */
export function takenAlways<
  const Name extends string,
  T extends Table,
  const From extends AlwaysThere<T> & string,
>(
  name: Name,
  table: T,
  column: From,
  words: Words,
): TakenColumn<Name, ColumnNamed<T, From>['type'], false, T> {
  return { ...repeat(name, { table, column }, words), nullable: false };
}

type Whole<T extends Table> = {
  readonly [I in keyof T['columns']]: T['columns'][I] extends Column<infer Name, infer Type, infer Null>
    ? TakenColumn<Name, Type, Null, T>
    : never;
};

/**
 * Every column of a group, as it is there. A group is a table that no snapshot has: rows of several tables name a row of it,
 * so that its cells are made once.
 */
export function whole<T extends Table>(group: T): Whole<T> {
  const columns = group.columns.map((column) => ({ ...column, from: { table: group, column: column.name } }));
  return columns as unknown as Whole<T>;
}

/** Names of columns that are never null. */
type AlwaysThere<T extends Table> = Extract<T['columns'][number], { readonly nullable: false }>['name'];

function repeat<const Name extends string, T extends Table, const From extends string>(
  name: Name,
  { table, column }: Repeats<T, From>,
  { description, source }: Words,
) {
  const repeated = table.columns.find((candidate) => candidate.name === column)! as ColumnNamed<T, From>;
  const { type, unit, codes, otherText, freeText } = repeated;
  const from = (name as string) === column ? table.name : `${table.name}.${column}`;
  return {
    name,
    type,
    unit,
    codes,
    otherText,
    freeText,
    description,
    source: source ?? from,
    from: { table, column },
  };
}
