import type { Cell } from '../../schemas/column.js';
import { tagsToRead, type TagCells } from './header-cells.js';
import { elementCells, NO_CELLS, type OpenElement } from './element-cells.js';
import { KeptElement, type HeldElement } from './json-held.js';
import { SequenceParts } from './json-sequence-parts.js';
import { jsonValues } from './json-values.js';
import { WholeValues } from './json-whole-values.js';
import type { FoundValues } from './path-values.js';
import {
  indexByElement,
  isInPrivateBlock,
  placesOf,
  type SelectedTag,
  type TagPlace,
  type TagSelection,
} from './selected-tag.js';

/** What one element of a header in DICOM JSON gives. */
export interface JsonElement extends TagCells {
  /** The element where a column holds it wholly; else null. */
  readonly held: HeldElement | null;
  /**
   * The element as a member of a JSON text, where no column holds it: `"00091001":{…}`; null where one does, and where its
   * bytes in the file are that text.
   */
  readonly text: string | null;
}

/** Reads single elements; a tag that needs more than one, those of private blocks, is told to it as found. */
export class JsonElementReader {
  readonly #columns: number;
  /** Places of the selected tags, by the key of the element that they are in. */
  readonly #byKey: ReadonlyMap<string, readonly TagPlace[]>;

  /** What the keys begin with of the groups in which tags are found by their creators. */
  readonly #privateGroups: ReadonlySet<string>;

  constructor(selection: TagSelection) {
    const places = placesOf(tagsToRead(selection));
    this.#columns = selection.tags.length;
    this.#byKey = indexByElement(places, ({ key }) => key);
    const inBlocks = places.filter(({ tag }) => isInPrivateBlock(tag));
    this.#privateGroups = new Set(inBlocks.map(({ tag }) => groupOf(tag.path[0]!.key)));
  }

  /** Whether a tag may find the element of a key (in capitals) by its creator, another element of the group. */
  isPrivate(key: string): boolean {
    return this.#privateGroups.has(groupOf(key));
  }

  /** Whether anything of the element of a key (in capitals) goes to a column. */
  isSelected(key: string): boolean {
    return this.#byKey.has(key);
  }

  /** What is read of the element of a key (in capitals) where it is a sequence; null where all of it is. */
  partsOf(key: string): SequenceParts | null {
    const places = this.#byKey.get(key);
    return places === undefined ? null : SequenceParts.of(places);
  }

  /** How the element of a key (in capitals) is read where columns hold it wholly; null where that is not known. */
  wholeOf(key: string): WholeValues | null {
    const places = this.#byKey.get(key);
    return places === undefined ? null : WholeValues.of(key, places, this.#columns);
  }

  /**
   * @param key in the file
   * @param standardKey the key in capitals, where the element is the one that it stands for; else null
   */
  read(key: string, standardKey: string | null, element: unknown): JsonElement {
    const places = standardKey === null ? undefined : this.#byKey.get(standardKey);
    return places === undefined
      ? notHeld(NO_CELLS, memberText(key, element))
      : this.readPrivate(key, element, places);
  }

  /** @param places that are this element: of private blocks, where the caller says so */
  readPrivate(key: string, element: unknown, places: readonly TagPlace[]): JsonElement {
    const open = new OpenJsonElement(element, this.#columns);
    const cells = elementCells(places, open);
    return open.heldBy === null
      ? notHeld(cells, memberText(key, element))
      : held(cells, new KeptElement(key, open.heldBy, element));
  }
}

/** An element while it is read. */
class OpenJsonElement implements OpenElement {
  /** Index of the first tag whose column holds it wholly. */
  heldBy: number | null = null;

  /** @param columns how many there are: tags from there on have none */
  constructor(
    readonly element: unknown,
    private readonly columns: number,
  ) {}

  values(tag: SelectedTag): FoundValues | null {
    return jsonValues(this.element, tag);
  }

  noteHeld({ tag, index, rank }: TagPlace, found: FoundValues, cell: Cell): void {
    // What only fills in for another element is kept by itself.
    if (rank === 0 && index < this.columns && holds(tag, found, cell)) this.heldBy ??= index;
  }
}

// Written out, both: V8 makes that far faster than a spread.

export function held({ cells, invalid, multiple }: TagCells, element: HeldElement): JsonElement {
  return { held: element, text: null, cells, invalid, multiple };
}

/** An element that no column holds wholly. @param text as a member of a JSON text, or null as in JsonElement */
export function notHeld({ cells, invalid, multiple }: TagCells, text: string | null): JsonElement {
  return { held: null, text, cells, invalid, multiple };
}

/** An element that no column is made of, and whose bytes are its text. */
export const PLAIN_LEFT = notHeld(NO_CELLS, null);

/** `GGGG` */
function groupOf(key: string): string {
  return key.slice(0, 4);
}

function memberText(key: string, element: unknown): string {
  return `${JSON.stringify(key)}:${JSON.stringify(element)}`;
}

/** True when the element could be written again from its cell: numbers and dates have several spellings. */
function holds(tag: SelectedTag, values: FoundValues, cell: Cell): boolean {
  if (!values.exact || tag.path.length > 1) return false;
  const { type } = tag.column;
  if (type === 'string' || type === 'list<string>') return true;
  if (type === 'date' || type === 'list<date>')
    return values.components.every((text) => text === '' || String(text).length === 8);
  for (let i = 0; i < values.raw.length; i++) {
    const part = values.raw[i];
    if (part !== '' && part !== null && !isSame(part, Array.isArray(cell) ? cell[i] : cell)) return false;
  }
  return true;
}

function isSame(part: unknown, cell: unknown): boolean {
  return typeof part === 'string' ? part === String(cell) : part === cell;
}
