import type { Table } from '../../../schemas/column.js';
import { columnMetadata } from '../../../schemas/column-metadata.js';

/**
 * The table's description in the file's footer, for readers that do not look into the Arrow schema
 * (DuckDB: `SELECT decode(value) FROM parquet_kv_metadata(…) WHERE decode(key) = 'omidb-etl'`).
 */
export function fileMetadata(table: Table): Map<string, string> {
  const columns = table.columns.map(
    (column) => [column.name, Object.fromEntries(columnMetadata(column))] as const,
  );
  const facts = { table: table.name, description: table.description, columns: Object.fromEntries(columns) };
  // One key only: the writer keeps the pairs in a hash map, whose order differs from call to call.
  return new Map([['omidb-etl', JSON.stringify(facts)]]);
}
