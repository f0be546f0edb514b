import type { Cell } from '../../schemas/column.js';
import type { MetElement } from './dicom-element.js';
import { ENCODINGS, type Encoding } from './encoding.js';
import { FamiliarOrder, type Place } from './familiar-order.js';
import type { PlainCells } from './plain-cells.js';
import { Remembered } from './remembered.js';
import type { SequenceTags } from './sequence-reader.js';

/**
 * The wanted elements of DICOM headers that were met, so that they are recognised by their bytes and not read again:
 * headers of one device repeat most of them.
 */

/** What a header is walked for. */
export interface WantedElements extends SequenceTags {
  readonly tags: ReadonlySet<number>;
  /** How values go to columns by their bytes alone, by the tag of their element. */
  readonly plain: ReadonlyMap<number, PlainCells>;
  /** Odd groups of which all elements are kept, for their blocks are only known from their creators. */
  readonly privateGroups: ReadonlySet<number>;
}

/** Tags in all: those of private groups have no other limit. */
const MOST_TAGS = 4096;

/** What is known of a tag: of one that is not wanted, what comes after it. */
export class TagMemory implements Place<TagMemory> {
  readonly tag: number;
  readonly isWanted: boolean;
  readonly isSequence: boolean;
  /** Null where they are not wanted. */
  readonly elements: Remembered<MetElement> | null;
  /** The short way of its values to their columns; null where there is none. */
  readonly plain: PlainCells | null;
  next: TagMemory | null = null;
  seenIn = 0;

  constructor(tag: number, isWanted: boolean, isSequence: boolean, plain: PlainCells | null) {
    this.tag = tag;
    this.isWanted = isWanted;
    this.isSequence = isSequence;
    this.elements = isWanted ? new Remembered<MetElement>() : null;
    this.plain = plain;
  }

  /** Remembers a new element, where that is worth it, by its cell. @param end offset after it */
  rememberCell(view: DataView, start: number, end: number, cell: Cell): void {
    const elements = this.elements!;
    if (elements.wants(end - start))
      elements.remember(view, start, end, { reads: 0, element: null, cells: this.plain!.given(cell) });
  }
}

/** The tags in one encoding: the same bytes mean something else in another. */
export class ElementMemory {
  readonly #wanted: WantedElements;
  readonly #order = new FamiliarOrder<TagMemory>();
  #tags = new Map<number, TagMemory>();

  constructor(wanted: WantedElements) {
    this.#wanted = wanted;
    this.#reset();
  }

  /** Another header begins; forgets everything where too much was met: one header must not meet two of a tag. */
  begin(): void {
    if (this.#tags.size > MOST_TAGS) this.#reset();
    this.#order.begin();
  }

  /** What is known of the tag that comes in a header; null for one that is not wanted where there are too many. */
  find(tag: number): TagMemory | null {
    const { expected } = this.#order;
    const found = expected?.tag === tag ? expected : this.#known(tag);
    return found === null ? null : this.#order.follow(found);
  }

  /** Whether a tag stood in this header already. */
  wasSeen(tag: TagMemory): boolean {
    return this.#order.wasSeen(tag);
  }

  markSeen(tag: TagMemory): void {
    this.#order.markSeen(tag);
  }

  #known(tag: number): TagMemory | null {
    const known = this.#tags.get(tag);
    if (known !== undefined) return known;
    const isWanted = this.#wanted.privateGroups.has(tag >>> 16);
    return isWanted || this.#tags.size <= MOST_TAGS ? this.#add(tag, isWanted) : null;
  }

  #add(tag: number, isWanted: boolean): TagMemory {
    const { sequences, plain } = this.#wanted;
    const isSequence = sequences.has(tag);
    const memory = new TagMemory(tag, isWanted, isSequence, isSequence ? null : (plain.get(tag) ?? null));
    this.#tags.set(tag, memory);
    return memory;
  }

  #reset(): void {
    this.#tags = new Map();
    this.#order.forget();
    for (const tag of this.#wanted.tags) this.#add(tag, true);
  }
}

/** What was met in headers, by how they are encoded. */
export class HeaderMemories {
  /** What of sequences is read. */
  readonly tags: SequenceTags;
  readonly #meta: ElementMemory;
  readonly #datasets: ReadonlyMap<Encoding, ElementMemory>;

  constructor(wanted: WantedElements) {
    this.tags = wanted;
    this.#meta = new ElementMemory(wanted);
    this.#datasets = new Map(ENCODINGS.map((encoding) => [encoding, new ElementMemory(wanted)]));
  }

  /** Another header begins. */
  begin(): void {
    this.#meta.begin();
    for (const memory of this.#datasets.values()) memory.begin();
  }

  of(encoding: Encoding, isMeta: boolean): ElementMemory {
    return isMeta ? this.#meta : this.#datasets.get(encoding)!;
  }
}
