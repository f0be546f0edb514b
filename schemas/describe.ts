import type { Column, ColumnType, Parent, Table } from './column.js';

interface ColumnDescription {
  readonly name: string;
  readonly type: ColumnType;
  readonly description: string;
  readonly unit: string | null;
  readonly source: string;
  readonly nullable: boolean;
  readonly codes: string | null;
  readonly other_text: string | null;
  readonly free_text: boolean;
}

/** The content of schema.json: everything that is known of each table and column. */
export interface SchemaDescription {
  readonly tables: readonly {
    readonly name: string;
    readonly description: string;
    readonly key: readonly string[];
    readonly parents: readonly Parent[];
    readonly columns: readonly ColumnDescription[];
  }[];
}

/** Tables and columns as `schema.json` has them. */
export function describeSchema(tables: readonly Table[]): SchemaDescription {
  return {
    tables: tables.map(({ name, description, key, parents, columns }) => ({
      name,
      description,
      key,
      parents,
      columns: columns.map((column) => ({
        name: column.name,
        type: column.type,
        description: column.description,
        unit: column.unit,
        source: column.source,
        nullable: column.nullable,
        codes: column.codes,
        other_text: column.otherText,
        free_text: column.freeText,
      })),
    })),
  };
}

/** The tables that a `schema.json` describes: what describeSchema was given. */
export function describedTables({ tables }: SchemaDescription): Table[] {
  return tables.map((table) => ({
    ...table,
    columns: table.columns.map(({ other_text: otherText, free_text: freeText, ...column }): Column => ({
      ...column,
      otherText,
      freeText,
    })),
  }));
}
