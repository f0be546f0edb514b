/** A tag or key of headers, and where it stood when it was met last. */
export interface Place<Own> {
  /** Number of the header in which it stood last. */
  seenIn: number;
  /** What came after it when it was met last. */
  next: Own | null;
}

/**
 * Headers of one device have the same elements in the same order: what came after an element in the header before most
 * likely comes after it in this one. Knows, too, what stood in this header already.
 */
export class FamiliarOrder<Own extends Place<Own>> {
  #header = 0;
  #first: Own | null = null;
  #before: Own | null = null;

  /** Another header begins. */
  begin(): void {
    this.#header++;
    this.#before = null;
  }

  /** Forgets what headers began with, and so all that came after it. */
  forget(): void {
    this.#first = null;
    this.#before = null;
  }

  /** What most likely comes now; null where nothing is known. */
  get expected(): Own | null {
    return this.#before === null ? this.#first : this.#before.next;
  }

  /** Notes what came. */
  follow(place: Own): Own {
    if (this.#before === null) this.#first = place;
    else this.#before.next = place;
    return (this.#before = place);
  }

  wasSeen(place: Own): boolean {
    return place.seenIn === this.#header;
  }

  markSeen(place: Own): void {
    place.seenIn = this.#header;
  }
}
