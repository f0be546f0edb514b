import type { DuckDb } from '../engine/duckdb.js';

/** More often, no more is given back. */
const GIVE_BACK_MS = 1000;

/** The DuckDB that the end of a run asks. Where the ranges take longer than a moment, it is there before. */
export class LateDb {
  private opened: Promise<DuckDb> | null = null;
  private timer: NodeJS.Timeout | null = null;

  /** @param open opens it; called once */
  constructor(private readonly open: () => Promise<DuckDb>) {}

  /**
   * From now on, until it is taken, has it give back what threads free (see DuckDb.giveBackFreed): that came to 50 of 520 MB
   * with two workers, and to 150 of 1,180 MB with eight.
   */
  giveBackFreed(): void {
    this.timer = setTimeout(() => {
      void this.giveBackOnce();
    }, GIVE_BACK_MS).unref();
  }

  /** The threads have nothing to do from now on: what they freed last is given back. @throws what opening it throws */
  async take(): Promise<DuckDb> {
    const isGiving = this.timer !== null;
    this.stopGivingBack();
    if (isGiving && this.opened !== null) await this.giveBackOnce();
    return (this.opened ??= this.open());
  }

  async close(): Promise<void> {
    this.stopGivingBack();
    // That it could not be opened was told whoever took it.
    const db = await this.opened?.catch(() => null);
    await db?.close();
  }

  private async giveBackOnce(): Promise<void> {
    try {
      this.opened ??= this.open();
      await (await this.opened).giveBackFreed();
      if (this.timer !== null) this.giveBackFreed();
    } catch {
      // Nothing but memory is lost; what is wrong with it is told where it is taken.
    }
  }

  private stopGivingBack(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
