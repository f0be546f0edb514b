import type { MalformedHeader } from './malformed-header.js';
import { formatTag } from './value-representation.js';

/** Kinds of what can be odd in a header; of each kind the first is reported. */
export type Oddity =
  'meta' | 'encoding' | 'group' | 'order' | 'vr' | 'zeros' | 'delimiter' | 'sequence' | 'length' | 'end';

/** Something in a header that breaks the standard, and that was stepped over or read all the same. */
export interface OddElement {
  readonly oddity: Oddity;
  /** What and where: `(0009,1001) at byte 1234`. */
  readonly place: string;
  /** What is odd, and what was done: what follows the place in a sentence. It quotes no value. */
  readonly reason: string;
}

/** What is odd in one header: the first of each kind. */
export class OddElements {
  readonly #found = new Map<Oddity, OddElement>();
  #count = 0;
  /** Added to an offset it is one of the file: bytes that were stepped over are not loaded. */
  origin = 0;

  /** How often anything was noted, also what came again. */
  get count(): number {
    return this.#count;
  }

  get all(): readonly OddElement[] {
    return [...this.#found.values()];
  }

  /** Notes what ended the header; it takes the place of what was noted of the same element. */
  noteEnd({ place, clause }: MalformedHeader): void {
    this.#forget(place);
    this.#found.set('end', { oddity: 'end', place, reason: `${clause}; what stands before it was read` });
  }

  /**
   * @param tag null where no element can be told
   * @param offset in the bytes that are loaded
   */
  note(oddity: Oddity, tag: number | null, offset: number, reason: string): void {
    this.#count++;
    if (this.#found.has(oddity)) return;
    this.#found.set(oddity, { oddity, place: this.place(tag, offset), reason });
  }

  /** Takes back what was noted of an element: the file ends within it, which is the cause. */
  forget(tag: number | null, offset: number): void {
    this.#forget(this.place(tag, offset));
  }

  #forget(place: string): void {
    for (const [oddity, noted] of this.#found) if (noted.place === place) this.#found.delete(oddity);
  }

  /** `(0009,1001) at byte 1234`, of the file. */
  place(tag: number | null, offset: number): string {
    const what = tag === null ? '' : `${formatTag(tag)} `;
    return `${what}at byte ${offset + this.origin}`;
  }
}
