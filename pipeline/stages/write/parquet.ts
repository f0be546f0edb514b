import { Compression, Table as WasmTable, writeParquet, WriterPropertiesBuilder } from 'parquet-wasm/node';
import { columnMetadata } from '../../../schemas/arrow.js';
import type { Table } from '../../../schemas/column.js';
import { joinStreams } from './ipc-stream.js';

/**
 * One Parquet file (ZSTD) of a table from batches of its rows.
 * @param batches Arrow IPC streams as TableBuilder makes them, in the order of their rows; at least one.
 */
export function encodeParquet(table: Table, batches: readonly Uint8Array[]): Uint8Array {
  const rows = WasmTable.fromIPCStream(joinStreams(table, batches));
  const properties = new WriterPropertiesBuilder()
    .setCompression(Compression.ZSTD)
    .setKeyValueMetadata(fileMetadata(table))
    .build();
  return writeParquet(rows, properties);
}

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
