/**
 * Tells a disk that lets one wait from one that answers at once, by the calls that are made anyway. To read ahead costs a
 * call some 15 µs of computing, which is worth it only where a call takes much longer.
 */

/** What a call must take on average. A file in the page cache takes some 10 µs, a quick file server 200. */
const SLOW_MS = 0.15;
/** The share of the time that goes to calls, at least: a machine with other work makes all else take as much longer. */
const SLOW_SHARE = 0.6;
/**
 * The share of the calls that take so long, and what the share of the time must be where fewer do. Where a machine is busy
 * another process takes the core for some 5 to 100 ms, now and then in a call: that looks like a disk that stalls.
 */
const LONG_CALLS = 0.25;
const STALLED_SHARE = 0.9;
/** A measurement ends after so many calls, or so long: on a slow disk few are enough. */
const CALLS = 400;
const LONG_MS = 300;
/** In a row: a disk that has to spin up is slow once. */
const SLOW_IN_A_ROW = 2;

export class Slowness {
  /** Once a disk was slow it counts as slow: calls that are not waited for tell no more. */
  isSlow = false;
  #row = 0;
  #calls = 0;
  /** Of them, those that took long. */
  #long = 0;
  #ms = 0;
  /** When the first of the calls that are counted began. */
  #start: number | null = null;

  /** A call, or a few. @param start milliseconds, from any beginning */
  add(start: number, end: number, calls: number): void {
    this.#start ??= start;
    this.#ms += end - start;
    this.#calls += calls;
    if (end - start > SLOW_MS * calls) this.#long += calls;
    if (this.#calls < CALLS && this.#ms < LONG_MS) return;
    this.#row = this.#wasSlow(end - this.#start) ? this.#row + 1 : 0;
    this.isSlow ||= this.#row >= SLOW_IN_A_ROW;
    this.pause();
  }

  /** What comes between two tasks does not count, nor do the calls since the last measurement. */
  pause(): void {
    this.#calls = this.#long = this.#ms = 0;
    this.#start = null;
  }

  /** @param passed milliseconds since the measurement began */
  #wasSlow(passed: number): boolean {
    const share = this.#long < LONG_CALLS * this.#calls ? STALLED_SHARE : SLOW_SHARE;
    return this.#ms > SLOW_MS * this.#calls && this.#ms > share * passed;
  }
}
