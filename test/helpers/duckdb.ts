import { DuckDBInstance } from '@duckdb/node-api';
import { after } from 'node:test';

export type Row = Record<string, unknown>;
export type Ask = (sql: string) => Promise<Row[]>;

/** DuckDB itself, without the program's own wrapper; closed after the tests of the file. */
export async function openDuckDb(): Promise<Ask> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  after(() => {
    connection.closeSync();
    instance.closeSync();
  });
  return async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
}
