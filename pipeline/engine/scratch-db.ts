import { Interrupted } from '../base/fault.js';
import { withTemporaryFolder } from '../storage/temporary-folder.js';
import { DuckDb } from './duckdb.js';

/**
 * Gives a DuckDB of bounded memory, which spills to a temporary folder, for as long as `use` takes.
 * @param stop makes its queries fail when it is aborted, so that nothing is left behind
 * @throws Interrupted then
 */
export function withScratchDb<T>(use: (db: DuckDb) => Promise<T>, stop?: AbortSignal): Promise<T> {
  return withTemporaryFolder(async (spill) => {
    const db = await DuckDb.openSmall(spill, stop);
    try {
      return await use(db);
    } catch (error) {
      throw stop?.aborted === true ? new Interrupted('stopped') : error;
    } finally {
      await db.close();
    }
  });
}
