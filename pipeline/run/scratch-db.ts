import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDb } from '../duckdb.js';

/** Gives a DuckDB of bounded memory, which spills to a temporary folder, for as long as `use` takes. */
export async function withScratchDb<T>(use: (db: DuckDb) => Promise<T>): Promise<T> {
  const spill = mkdtempSync(join(tmpdir(), 'omidb-etl-'));
  try {
    const db = await DuckDb.openSmall(spill);
    try {
      return await use(db);
    } finally {
      db.close();
    }
  } finally {
    rmSync(spill, { recursive: true, force: true });
  }
}
