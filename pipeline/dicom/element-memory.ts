import type { DicomElement } from './dicom-element.js';
import { Remembered } from './remembered.js';

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

/** Tags in all: those of private groups have no other limit. */
const MOST_TAGS = 4096;

/** What is known of a wanted tag. */
export class TagMemory {
  readonly tag: number;
  readonly isSequence: boolean;
  readonly elements = new Remembered<DicomElement>();
  /** The tag that came after it when it was met last: most likely what comes now. */
  next: TagMemory | null = null;
  /** Number of the header in which it stood last. */
  seenIn = 0;

  constructor(tag: number, isSequence: boolean) {
    this.tag = tag;
    this.isSequence = isSequence;
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
