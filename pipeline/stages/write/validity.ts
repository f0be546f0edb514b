import { withRoom } from '../../base/buffers.js';
import type { BatchParts } from './ipc-stream.js';

const ALL = 0xff;

const bytesFor = (bits: number): number => (bits + 7) >> 3;

/** Bits, the first in the lowest of a byte. */
export class Bits {
  private bytes = new Uint8Array(0);

  /** Makes room for so many; new ones are not set. */
  reserve(bits: number): void {
    this.bytes = withRoom(this.bytes, bytesFor(bits));
  }

  set(bit: number): void {
    this.bytes[bit >> 3]! |= 1 << (bit & 7);
  }

  take(bits: number): Uint8Array {
    return this.bytes.subarray(0, bytesFor(bits));
  }

  clear(): void {
    this.bytes.fill(0);
  }
}

/** What all arrays have: how many cells there are, and which of them hold a value. */
export class Validity {
  length = 0;
  private nullCount = 0;
  private bytes = new Uint8Array(0);

  /** Makes room for more cells, each of which holds a value so far. @returns the place of the first */
  grow(cells: number): number {
    const start = this.length;
    this.length += cells;
    const bytes = (this.bytes = withRoom(this.bytes, bytesFor(this.length)));
    if (cells > 0) bytes[start >> 3]! |= ALL << (start & 7);
    // A loop: to call fill() for eight bytes takes longer.
    for (let i = (start >> 3) + 1; i < bytesFor(this.length); i++) bytes[i] = ALL;
    return start;
  }

  /** The cell at a place, once, holds no value. */
  markNull(place: number): void {
    this.nullCount++;
    this.bytes[place >> 3]! &= ~(1 << (place & 7));
  }

  /** The bits are left out where every cell holds a value. */
  addTo({ nodes, buffers }: BatchParts): void {
    const { length, nullCount, bytes } = this;
    nodes.push({ length, nullCount });
    // Bits beyond the last cell are zero.
    if ((length & 7) !== 0) bytes[length >> 3]! &= ~(ALL << (length & 7));
    buffers.push(bytes.subarray(0, nullCount === 0 ? 0 : bytesFor(length)));
  }

  clear(): void {
    this.length = 0;
    this.nullCount = 0;
  }
}
