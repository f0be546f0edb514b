/**
 * The vocabulary in which every table is written down: columns and tables as plain data.
 * Row types, the Arrow schema, Parquet files, schema.json and the data dictionary are all derived from it.
 */

export type ScalarType = 'string' | 'bool' | 'int' | 'long' | 'double' | 'date' | 'json';
export type ListType = 'list<string>' | 'list<int>' | 'list<double>' | 'list<date>';

/**
 * `int` is 32 bits and signed, `long` 64 bits (given as a safe integer), `date` is a number of whole days since
 * 1970-01-01, `json` is JSON text, the rest is what it says.
 */
export type ColumnType = ScalarType | ListType;

interface CellTypes {
  string: string;
  json: string;
  bool: boolean;
  int: number;
  long: number;
  double: number;
  date: number;
  'list<string>': readonly string[];
  'list<int>': readonly number[];
  'list<double>': readonly number[];
  'list<date>': readonly number[];
}

/** What a cell of any table may hold; null is 'no value', an empty list is 'none'. */
export type Cell = CellTypes[ColumnType] | null;

/** A row of a table whose columns are only known at run time; of all others see RowOf. */
export type AnyRow = Record<string, Cell>;

export interface Column<
  Name extends string = string,
  Type extends ColumnType = ColumnType,
  Null extends boolean = boolean,
> {
  readonly name: Name;
  readonly type: Type;
  /** One or two sentences for a person who has never seen the source. */
  readonly description: string;
  /** Where the value comes from, in the source's own words, e.g. `imagedb STUDIES.<study>.StudyDate`. */
  readonly source: string;
  /** Unit of a measure (`mm`, `kV`, `days`), null where there is none. */
  readonly unit: string | null;
  readonly nullable: Null;
  /** Name of the code list (table `codes`) that the values are from, null where there is none. */
  readonly codes: string | null;
  /** Why a cell may hold text that the code list has not, and nobody reports it; null where it may not. */
  readonly otherText: string | null;
  /** True where people typed what they liked: may hold something identifying, never to be logged. */
  readonly freeText: boolean;
}

/** A column that holds one field of a source record, converted: its cell lies in the `fields` of a row. */
export interface FieldColumn<
  Name extends string = string,
  Type extends ColumnType = ColumnType,
> extends Column<Name, Type, true> {
  /** Name of the field as the source prints it. */
  readonly field: string;
}

/** A column whose cell lies in the `tags` of a row: the first of a table in the first place, and so on. */
export interface TagColumn extends Column {
  readonly byIndex: true;
}

/** A column that repeats one of another table: its cell lies in a row of that, which a row has under its name. */
export interface TakenColumn<
  Name extends string = string,
  Type extends ColumnType = ColumnType,
  Null extends boolean = boolean,
  From extends Table = Table,
> extends Column<Name, Type, Null> {
  readonly from: { readonly table: From; readonly column: string };
}

/** What a cell of a column may be. */
export type CellOf<C extends Column> = C['nullable'] extends false
  ? CellTypes[C['type']]
  : CellTypes[C['type']] | null;

/** What is known of a column beside its name and type. */
export interface ColumnFacts {
  readonly description: string;
  readonly source: string;
  readonly unit?: string | null;
  readonly codes?: string | null;
  readonly otherText?: string | null;
  readonly freeText?: boolean;
}

/** A column that may be null. */
export function column<const Name extends string, const Type extends ColumnType>(
  name: Name,
  type: Type,
  facts: ColumnFacts,
): Column<Name, Type, true> {
  return { name, type, nullable: true, unit: null, codes: null, otherText: null, freeText: false, ...facts };
}

/** A column that always has a value: keys, counts and facts of the run itself. */
export function required<const Name extends string, const Type extends ColumnType>(
  name: Name,
  type: Type,
  facts: ColumnFacts,
): Column<Name, Type, false> {
  return { ...column(name, type, facts), nullable: false };
}

export interface Table<Name extends string = string, Columns extends readonly Column[] = readonly Column[]> {
  readonly name: Name;
  readonly description: string;
  /** Columns that together name a row: unique and never null. */
  readonly key: readonly string[];
  /** Columns of this table that name a row of another, by that table's key columns of the same names. */
  readonly parents: readonly Parent[];
  readonly columns: Columns;
}

export interface Parent {
  readonly table: string;
  readonly columns: readonly string[];
}

interface TableFacts<Columns extends readonly Column[]> {
  readonly description: string;
  readonly key: readonly string[];
  readonly parents?: readonly Parent[];
  readonly columns: Columns;
}

/**
 * A table.
 * @throws Error when a column name stands twice or a key column is missing or nullable: a mistake in the schema.
 */
export function table<const Name extends string, const Columns extends readonly Column[]>(
  name: Name,
  facts: TableFacts<Columns>,
): Table<Name, Columns> {
  const names = new Set<string>();
  for (const { name: columnName } of facts.columns) {
    if (names.has(columnName)) throw new Error(`table ${name} has two columns named ${columnName}`);
    names.add(columnName);
  }
  for (const key of facts.key) {
    const found = facts.columns.find((candidate) => candidate.name === key);
    if (found === undefined || found.nullable)
      throw new Error(`table ${name}: key column ${key} must exist and not be nullable`);
  }
  return { parents: [], ...facts, name };
}
