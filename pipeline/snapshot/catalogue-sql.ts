import type { Column, Table } from '../../schemas/column.js';
import { parquetRows, sqlName, sqlText } from '../engine/sql.js';

/** A table and its Parquet files, by paths as DuckDB is to look for them. */
export interface CatalogueTable {
  readonly table: Table;
  readonly files: readonly string[];
}

/**
 * The statements that make each table a view of its name, with comments on it and on its columns: what a person sees who
 * opens the catalogue with nothing at hand. A table without files has none.
 * @throws EnvironmentFault for a path that DuckDB cannot be given
 */
export function* catalogueStatements(tables: readonly CatalogueTable[]): Generator<string> {
  for (const { table, files } of tables) {
    if (files.length === 0) continue;
    const view = sqlName(table.name);
    yield `CREATE OR REPLACE VIEW ${view} AS SELECT * FROM ${parquetRows(files)}`;
    yield `COMMENT ON VIEW ${view} IS ${sqlText(tableComment(table))}`;
    for (const column of table.columns)
      yield `COMMENT ON COLUMN ${view}.${sqlName(column.name)} IS ${sqlText(columnComment(column))}`;
  }
}

function tableComment({ description, key }: Table): string {
  return key.length === 0 ? description : `${description} Key: ${key.join(', ')}.`;
}

function columnComment({ description, unit, codes }: Column): string {
  const ofUnit = unit === null ? '' : ` Unit: ${unit}.`;
  return `${description}${ofUnit}${codes === null ? '' : ` Codes: list ${codes} of table codes.`}`;
}

/** The content of a snapshot's catalogue.sql, whose paths start at its folder. @param files of each table, from there on */
export function catalogueScript(tables: readonly CatalogueTable[]): string {
  const statements = [...catalogueStatements(tables)].map((statement) => `${statement};\n`);
  return `${HEAD}${statements.join('')}`;
}

const HEAD = `-- The tables of this snapshot as views of DuckDB, with comments on tables and columns.
-- In this folder: duckdb -init catalogue.sql
-- Elsewhere, give the path of this folder first: SET file_search_path = '...';
-- omidb-etl catalogue FILE.duckdb makes a database of them that opens from any folder.
`;
