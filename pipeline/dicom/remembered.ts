import { BytePattern } from './bytes.js';

/** Values of one key that are remembered; more would be searched in vain. */
const MOST_VALUES = 8;
const MOST_BYTES = 4 * 1024;
/** A key that was met so often, and seldom with bytes that it had before, has others in each file. */
const TRIALS = 50;
const SELDOM = 1 / 3;

/** Bytes that were met, and what was made of them: one object, for there are thousands, and to go from one to another takes time. */
export class KnownBytes<Value> extends BytePattern {
  constructor(
    view: DataView,
    start: number,
    end: number,
    readonly value: Value,
  ) {
    super(view, start, end);
  }
}

/** What was made of the bytes of one key or tag, found again by them. */
export class Remembered<Value> {
  /** The one met last in front. */
  readonly #known: KnownBytes<Value>[] = [];
  #recognised = 0;
  #others = 0;

  /** What is known of the bytes that begin at an offset; null when they were not met before. */
  recognise(view: DataView, at: number): KnownBytes<Value> | null {
    const known = this.#known;
    for (let i = 0; i < known.length; i++) {
      const met = known[i]!;
      if (!met.standsAt(view, at)) continue;
      if (i > 0) {
        known[i] = known[0]!;
        known[0] = met;
      }
      this.#recognised++;
      return met;
    }
    return null;
  }

  /** Whether so many bytes, which were not recognised, are worth to be remembered. To be asked once. */
  wants(size: number): boolean {
    const met = this.#recognised + ++this.#others;
    if (met > TRIALS && this.#recognised < met * SELDOM) {
      if (this.#known.length > 0) this.#known.length = 0;
      return false;
    }
    return size >= BytePattern.SHORTEST && size <= MOST_BYTES;
  }

  /** @param end offset after the last of the bytes */
  remember(view: DataView, start: number, end: number, value: Value): void {
    if (this.#known.length === MOST_VALUES) this.#known.pop();
    this.#known.unshift(new KnownBytes(view, start, end, value));
  }
}
