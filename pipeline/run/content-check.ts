import type { Logger } from 'pino';
import { dueRanges, nextTurns, readTurns, writeTurns } from '../snapshot/content-turns.js';

/** Of one run: the ranges that it reads again though nothing shows a change (--verify-content), and those that it read. */
export class ContentCheck {
  readonly due: ReadonlySet<string>;
  private readonly read = new Set<string>();

  /**
   * @param out output folder, which must be this run's
   * @param ranges names of all of them, in natural order
   * @param percent share to read again; null for none
   * @param due whose turn it is; left out, the share of those that were not read for longest
   */
  constructor(
    private readonly out: string,
    private readonly ranges: readonly string[],
    private readonly percent: number | null,
    due?: ReadonlySet<string>,
  ) {
    this.due = due ?? (percent === null ? new Set() : dueRanges(ranges, readTurns(out), percent));
  }

  wasRead(range: string): void {
    this.read.add(range);
  }

  /** Whose turn it was is known to the next run; only where this one came to its end, so that a range is rather read twice. */
  save(log: Logger): void {
    if (this.percent === null) return;
    try {
      writeTurns(this.out, nextTurns(readTurns(this.out), this.ranges, this.read));
    } catch (error) {
      log.warn(
        `whose turn it was to be read again could not be written down: ${(error as Error).message}; the next run reads the same ranges`,
      );
    }
  }
}
