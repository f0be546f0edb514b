import { BytePattern, viewOf } from './bytes.js';
import type { DicomElement } from './dicom-element.js';

/**
 * The wanted elements of DICOM headers that were met, so that they are recognised by their bytes and not read again:
 * headers of one device repeat most of them.
 */

/** What a header is walked for. */
export interface WantedElements {
  readonly tags: ReadonlySet<number>;
  readonly sequences: ReadonlySet<number>;
  /** Odd groups of which all elements are kept, for their blocks are only known from their creators. */
  readonly privateGroups: ReadonlySet<number>;
}

/** Elements of one tag that are remembered; more would be searched in vain. */
const MOST_ELEMENTS = 8;
const MOST_BYTES = 4 * 1024;
/** A tag that was met so often, and seldom with a value that it had before, has another value in each file. */
const TRIALS = 50;
const SELDOM = 1 / 8;
/** Tags in all: those of private groups have no other limit. */
const MOST_TAGS = 4096;

interface Known {
  readonly bytes: BytePattern;
  readonly element: DicomElement;
}

/** What is known of a wanted tag. */
export class TagMemory {
  readonly tag: number;
  readonly isSequence: boolean;
  /** The tag that came after it when it was met last: most likely what comes now. */
  next: TagMemory | null = null;
  /** Number of the header in which it stood last. */
  seenIn = 0;
  /** The element met last in front. */
  readonly #known: Known[] = [];
  #met = 0;
  #recognised = 0;

  constructor(tag: number, isSequence: boolean) {
    this.tag = tag;
    this.isSequence = isSequence;
  }

  /** The element at an offset, where it was met before; its `size` tells where the next one begins. */
  recognise(view: DataView, at: number): DicomElement | null {
    this.#met++;
    const known = this.#known;
    for (let i = 0; i < known.length; i++) {
      const met = known[i]!;
      if (!met.bytes.standsAt(view, at)) continue;
      if (i > 0) {
        known[i] = known[0]!;
        known[0] = met;
      }
      this.#recognised++;
      return met.element;
    }
    return null;
  }

  /** Whether an element of so many bytes, header and all, is worth to be remembered. */
  wants(size: number): boolean {
    if (this.#met > TRIALS && this.#recognised < this.#met * SELDOM) {
      this.#known.length = 0;
      return false;
    }
    return size >= BytePattern.SHORTEST && size <= MOST_BYTES;
  }

  /** @param element whose bytes are its own, its header and all */
  remember(element: DicomElement): void {
    if (this.#known.length === MOST_ELEMENTS) this.#known.pop();
    this.#known.unshift({ bytes: new BytePattern(viewOf(element.bytes), 0, element.size), element });
  }
}

/** The wanted tags in one encoding: the same bytes mean something else in another. */
export class ElementMemory {
  readonly #wanted: WantedElements;
  #tags = new Map<number, TagMemory>();
  /** The tag that headers began with. */
  first: TagMemory | null = null;

  constructor(wanted: WantedElements) {
    this.#wanted = wanted;
    this.#reset();
  }

  /** What is known of a tag; null for one that is not wanted. */
  find(tag: number): TagMemory | null {
    const known = this.#tags.get(tag);
    if (known !== undefined) return known;
    return this.#wanted.privateGroups.has(tag >>> 16) ? this.#add(tag) : null;
  }

  /** Forgets everything where too much was met. Between two headers only: one header must not meet two of a tag. */
  trim(): void {
    if (this.#tags.size > MOST_TAGS) this.#reset();
  }

  #add(tag: number): TagMemory {
    const memory = new TagMemory(tag, this.#wanted.sequences.has(tag));
    this.#tags.set(tag, memory);
    return memory;
  }

  #reset(): void {
    this.#tags = new Map();
    this.first = null;
    for (const tag of this.#wanted.tags) this.#add(tag);
  }
}
