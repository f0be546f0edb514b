import { errorCode } from '../base/system-error.js';

/** A file server that is restarted, or short of something, answers again in a moment: it is asked again, after pauses. */

/** Errors that may not last. A file that was replaced is found anew by the client of a server that remembers it (ESTALE). */
const PASSING = new Set(['EIO', 'ESTALE']);
/** Milliseconds before each further try. */
const PAUSES_MS = [20, 100, 500] as const;
/** All pauses together: a disk that is broken must not keep a run for days. What comes after is tried as often, without them. */
const MOST_MS = 60_000;

/** Tries what failed for a moment three times more. One for each thread. */
export class Patience {
  #leftMs = MOST_MS;

  constructor(private readonly pause: (ms: number) => void = sleep) {}

  /**
   * Does again what failed.
   * @param error of the first time
   * @throws the first error that is none of those that pass, or the last one
   */
  again<T>(error: unknown, action: () => T): T {
    let last = error;
    for (const ms of PAUSES_MS) {
      if (!isPassing(last)) throw last;
      if (this.#leftMs > 0) this.pause(ms);
      this.#leftMs -= ms;
      try {
        return action();
      } catch (next) {
        last = next;
      }
    }
    throw last;
  }

  /** The same call, done again where it fails. */
  wrap<A extends unknown[], T>(call: (...args: A) => T): (...args: A) => T {
    return (...args) => {
      try {
        return call(...args);
      } catch (error) {
        return this.again(error, () => call(...args));
      }
    };
  }
}

function isPassing(error: unknown): boolean {
  return PASSING.has(errorCode(error) ?? '');
}

const NEVER = new Int32Array(new SharedArrayBuffer(4));

function sleep(ms: number): void {
  Atomics.wait(NEVER, 0, 0, ms);
}
