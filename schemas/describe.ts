import type { Table } from './column.js';

/** Tables and columns as `schema.json` has them: everything that is known of each. */
export function describeSchema(tables: readonly Table[]): unknown {
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
        free_text: column.freeText,
      })),
    })),
  };
}
