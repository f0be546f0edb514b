import type { Cell, CellOf, Column, FieldColumn, Table, TagColumn, TakenColumn } from './column.js';

/**
 * What a row of a table is, derived from its columns. A row has its own cells by name. Others stay where they are, and the
 * row names that: `fields` of the source record that was read, `tags` by index, and rows of other tables whose cells it
 * repeats, each under the name of its table. Nothing is copied to be written.
 */

type ColumnOf<T extends Table> = T['columns'][number];

type Cells<C extends Column> = { readonly [Each in C as Each['name']]: CellOf<Each> };

type Own<T extends Table> = Exclude<ColumnOf<T>, FieldColumn | TagColumn | TakenColumn>;
type Fields<T extends Table> = Extract<ColumnOf<T>, FieldColumn>;
type Tags<T extends Table> = Extract<ColumnOf<T>, TagColumn>;
type Taken<T extends Table> = Extract<ColumnOf<T>, TakenColumn>;

/** A part of a row, where the table has such columns. */
type Part<C, Type> = [C] extends [never] ? unknown : Type;

/** The columns of a table that repeat one of `From`. */
type TakenFrom<T extends Table, From extends Table> = Extract<
  Taken<T>,
  { readonly from: { readonly table: From } }
>;

/** Null where the table repeats nothing of it that must be there. */
type RowOrNull<T extends Table, From extends Table> =
  RowOf<From> | ([Extract<TakenFrom<T, From>, { readonly nullable: false }>] extends [never] ? null : never);

type Sources<T extends Table> = {
  readonly [From in Taken<T>['from']['table'] as From['name']]: RowOrNull<T, From>;
};

/** The cells of the columns that hold fields of a source record. */
export type FieldsOf<T extends Table> = Cells<Fields<T>>;

/** The row type of a table. */
export type RowOf<T extends Table> = Cells<Own<T>> &
  Part<Fields<T>, { readonly fields: FieldsOf<T> }> &
  Part<Tags<T>, { readonly tags: readonly Cell[] }> &
  Part<Taken<T>, Sources<T>>;

/** A record of the source that was read for a table. */
export interface TypedRecord<T extends Table> {
  readonly fields: FieldsOf<T>;
  /** JSON text of what no column holds; null when there is nothing. */
  readonly extra: string | null;
}

/** Names of the columns of a table. */
export type ColumnName<T extends Table> = ColumnOf<T>['name'];

/** The column of a name. */
export type ColumnNamed<T extends Table, Name extends string> = Extract<ColumnOf<T>, { readonly name: Name }>;
