import { DuckDBInstance } from '@duckdb/node-api';

export type Row = Record<string, unknown>;
export type Ask = (sql: string) => Promise<Row[]>;

/** DuckDB itself, without the program's own wrapper. It is gone with the process. */
export async function openDuckDb(): Promise<Ask> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  return async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
}

/** What DuckDB calls the types of schema.json. */
export const DUCKDB_TYPES: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  json: 'VARCHAR',
  bool: 'BOOLEAN',
  int: 'INTEGER',
  long: 'BIGINT',
  double: 'DOUBLE',
  date: 'DATE',
  'list<string>': 'VARCHAR[]',
  'list<int>': 'INTEGER[]',
  'list<double>': 'DOUBLE[]',
  'list<date>': 'DATE[]',
};
