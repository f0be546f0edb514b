import { Compression, Table as WasmTable, writeParquet, WriterPropertiesBuilder } from 'parquet-wasm/node';
import type { Table } from '../../../schemas/column.js';
import { fileMetadata } from './file-metadata.js';
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
