/** Memory that is used again for one thing after the other, and grows with what it has to hold. */
export class GrowingBuffer {
  #buffer: Buffer;
  readonly #least: number;
  readonly #most: number;

  /**
   * @param least bytes that it has at least
   * @param most bytes that it keeps at most, once `shrink` is called
   */
  constructor(least: number, most = Infinity) {
    this.#least = least;
    this.#most = most;
    this.#buffer = Buffer.allocUnsafe(least);
  }

  /** Room for `size` bytes or more, grown twofold at least; the first `used` bytes are those that were there before. */
  room(size: number, used = 0): Buffer {
    if (size <= this.#buffer.length) return this.#buffer;
    const larger = Buffer.allocUnsafe(Math.max(size, 2 * this.#buffer.length));
    this.#buffer.copy(larger, 0, 0, used);
    return (this.#buffer = larger);
  }

  /** Gives back what one extraordinary thing took. */
  shrink(): void {
    if (this.#buffer.length > this.#most) this.#buffer = Buffer.allocUnsafe(this.#least);
  }
}

/** The array itself when it has so much room, else a larger one that begins with its content. */
export function withRoom<T extends Uint8Array | Int32Array | Float64Array | BigInt64Array>(
  array: T,
  length: number,
): T {
  if (array.length >= length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(length, array.length * 2, 64));
  larger.set(array as never);
  return larger;
}
