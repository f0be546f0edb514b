import { DuckDBInstance } from '@duckdb/node-api';

export type Row = Record<string, unknown>;
export type Ask = (sql: string) => Promise<Row[]>;

/** DuckDB itself, without the program's own wrapper. It is gone with the process. */
export async function openDuckDb(): Promise<Ask> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  return async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
}
