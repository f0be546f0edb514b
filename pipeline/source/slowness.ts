/**
 * Tells a disk that lets one wait from one that answers at once, by the calls that are made anyway. To read ahead costs a
 * call some 15 µs of computing, which is worth it only where a call takes much longer.
 */

/** What a call must take on average. A file in the page cache takes some 10 µs, a quick file server 200. */
const SLOW_MS = 0.15;
/** The share of the time that goes to calls, at least: a machine with other work makes all else take as much longer. */
const SLOW_SHARE = 0.6;
/** A measurement ends after so many calls, or so long: on a slow disk few are enough. */
const CALLS = 400;
const LONG_MS = 50;
/** In a row: a disk that has to spin up is slow once. */
const SLOW_IN_A_ROW = 2;

export class Slowness {
  /** Once a disk was slow it counts as slow: calls that are not waited for tell no more. */
  isSlow = false;
  #row = 0;
  #calls = 0;
  #ms = 0;
  /** When the first of the calls that are counted began. */
  #start: number | null = null;

  /** A call, or a few. @param start milliseconds, from any beginning */
  add(start: number, end: number, calls: number): void {
    this.#start ??= start;
    this.#ms += end - start;
    this.#calls += calls;
    if (this.#calls < CALLS && this.#ms < LONG_MS) return;
    const isSlow = this.#ms > SLOW_MS * this.#calls && this.#ms > SLOW_SHARE * (end - this.#start);
    this.#row = isSlow ? this.#row + 1 : 0;
    this.isSlow ||= this.#row >= SLOW_IN_A_ROW;
    this.pause();
  }

  /** What comes between two tasks does not count, nor do the calls since the last measurement. */
  pause(): void {
    this.#calls = this.#ms = 0;
    this.#start = null;
  }
}
