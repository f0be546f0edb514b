import { withRoom } from '../../base/buffers.js';
import type { BatchParts } from './ipc-stream.js';

/** Bits, the first in the lowest of a byte. */
export class Bits {
  private bytes = new Uint8Array(0);

  /** Makes room for so many; new ones are not set. */
  reserve(bits: number): void {
    this.bytes = withRoom(this.bytes, (bits + 7) >> 3);
  }

  set(bit: number): void {
    this.bytes[bit >> 3]! |= 1 << (bit & 7);
  }

  take(bits: number): Uint8Array {
    return this.bytes.subarray(0, (bits + 7) >> 3);
  }

  clear(): void {
    this.bytes.fill(0);
  }
}

/** What all arrays have: how many cells there are, and which of them hold a value. */
export class Validity {
  length = 0;
  private nullCount = 0;
  private readonly present = new Bits();

  /** Makes room for more cells, none of which holds a value so far. @returns the place of the first */
  grow(cells: number): number {
    const start = this.length;
    this.length += cells;
    this.nullCount += cells;
    this.present.reserve(this.length);
    return start;
  }

  /** The cell at a place, once, holds a value. */
  mark(place: number): void {
    this.nullCount--;
    this.present.set(place);
  }

  /** The bits are left out where every cell holds a value. */
  addTo({ nodes, buffers }: BatchParts): void {
    nodes.push({ length: this.length, nullCount: this.nullCount });
    buffers.push(this.present.take(this.nullCount === 0 ? 0 : this.length));
  }

  clear(): void {
    this.length = 0;
    this.nullCount = 0;
    this.present.clear();
  }
}
