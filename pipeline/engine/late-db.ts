import { DuckDb } from './duckdb.js';

/** A DuckDB of bounded memory that is opened by the first who asks for it. */
export class LateDb {
  private opening: Promise<DuckDb> | null = null;

  /**
   * @param spill folder for what does not fit into memory
   * @param stop interrupts it when it is aborted
   */
  constructor(
    private readonly spill: string,
    private readonly stop: AbortSignal,
  ) {}

  /** The same one each time. @throws when it cannot be opened, each time */
  open(): Promise<DuckDb> {
    return (this.opening ??= DuckDb.openSmall(this.spill, this.stop));
  }

  /** Closes it, where it was opened. */
  async close(): Promise<void> {
    // That it could not be opened was told to whoever asked for it.
    const db = await this.opening?.catch(() => null);
    await db?.close();
  }
}
