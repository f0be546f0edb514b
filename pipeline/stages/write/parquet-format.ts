import { join } from 'node:path';
import type { PartFormat } from './format.js';

/**
 * Parquet. Parts come from parquet-wasm, files of single rows from parquetjs-lite. DuckDB opens every file before it is
 * published (see snapshot/verify.ts), and all are compared with their checksums.
 */
export const parquetFormat: PartFormat = {
  folder: 'tables',
  ending: '.parquet',
  async writePart(snapshot, path, { table, rows, batches, streams }) {
    const { rowsPerGroup, writeParquet } = await import('./parquet.js');
    return {
      path,
      rows,
      ...(await writeParquet(join(snapshot, path), table, streams(), rowsPerGroup(batches ?? []))),
    };
  },
  async openRows(path, table) {
    const { ParquetRows } = await import('./parquet-rows.js');
    return ParquetRows.open(path, table);
  },
  async checkRows(snapshot, receipt) {
    const { readBack } = await import('./read-back.js');
    await readBack(snapshot, receipt);
  },
};
