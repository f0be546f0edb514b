import { withTemporaryFolder } from '../storage/folders.js';
import { DuckDb } from './duckdb.js';

/** Gives a DuckDB of bounded memory, which spills to a temporary folder, for as long as `use` takes. */
export function withScratchDb<T>(use: (db: DuckDb) => Promise<T>): Promise<T> {
  return withTemporaryFolder(async (spill) => {
    const db = await DuckDb.openSmall(spill);
    try {
      return await use(db);
    } finally {
      db.close();
    }
  });
}
