import type { Cell } from '../../schemas/column.js';
import { tagsToRead, type TagCells } from './header-cells.js';
import { elementCells, NO_CELLS } from './element-cells.js';
import type { PlainElement } from './json-element-bytes.js';
import { jsonValues, plainValues } from './json-values.js';
import type { FoundValues } from './path-values.js';
import {
  indexByElement,
  placesOf,
  type SelectedTag,
  type TagPlace,
  type TagSelection,
} from './selected-tag.js';

/** One element of a header in DICOM JSON, and what it gives to the columns. */
export interface JsonElement extends TagCells {
  /** Key in the file. */
  readonly key: string;
  /** Index of the tag whose column holds the element wholly; null when none does. */
  readonly heldBy: number | null;
  /** The element where a column holds it, else null: then `text` is all that is kept of it. */
  readonly held: unknown;
  /** The element as a member of a JSON text, where no column holds it: `"00091001":{…}`. */
  readonly text: string;
}

/** The element as it was parsed. */
export function elementOf({ key, heldBy, held, text }: JsonElement): unknown {
  return heldBy === null ? (JSON.parse(text.slice(JSON.stringify(key).length + 1)) as unknown) : held;
}

/** Reads single elements; a tag that needs more than one, those of private blocks, is told to it as found. */
export class JsonElementReader {
  readonly #columns: number;
  /** Places of the selected tags, by the key of the element that they are in. */
  readonly #byKey: ReadonlyMap<string, readonly TagPlace[]>;

  constructor(selection: TagSelection) {
    this.#columns = selection.tags.length;
    this.#byKey = indexByElement(placesOf(tagsToRead(selection)), ({ key }) => key);
  }

  /** Whether anything of the element of a key (in capitals) goes to a column. */
  isSelected(key: string): boolean {
    return this.#byKey.has(key);
  }

  /**
   * @param key in the file
   * @param standardKey the key in capitals, where the element is the one that it stands for; else null
   * @param text the element as a member of a JSON text, where that costs less than to write it
   */
  read(key: string, standardKey: string | null, element: unknown, text?: () => string): JsonElement {
    const places = standardKey === null ? undefined : this.#byKey.get(standardKey);
    if (places !== undefined)
      return this.#read(key, element, places, (tag) => jsonValues(element, tag), text);
    return unselected(key, text?.() ?? memberText(key, element));
  }

  /** As `read`, of an element that was read from its bytes. @param key one that is selected, in capitals */
  readPlain(key: string, { element, isList }: PlainElement, text: () => string): JsonElement {
    const read = (tag: SelectedTag) =>
      isList && tag.path.length === 1 ? plainValues(element, tag) : jsonValues(element, tag);
    return this.#read(key, element, this.#byKey.get(key)!, read, text);
  }

  /** @param places of private blocks that are this element */
  readPrivate(key: string, element: unknown, places: readonly TagPlace[]): JsonElement {
    return this.#read(key, element, places, (tag) => jsonValues(element, tag));
  }

  #read(
    key: string,
    element: unknown,
    places: readonly TagPlace[],
    read: (tag: SelectedTag) => FoundValues | null,
    text?: () => string,
  ): JsonElement {
    let heldBy: number | null = null;
    const { cells, invalid, multiple } = elementCells(places, read, ({ tag, index, rank }, found, cell) => {
      // What only fills in for another element is kept by itself.
      if (rank === 0 && index < this.#columns && holds(tag, found, cell)) heldBy ??= index;
    });
    // The compiler does not see that the function above was called.
    const isHeld = (heldBy as number | null) !== null;
    const member = isHeld ? '' : (text?.() ?? memberText(key, element));
    // Written out: V8 makes that far faster than a spread.
    return { key, heldBy, held: isHeld ? element : null, text: member, cells, invalid, multiple };
  }
}

/** An element that no column is made of. @param text as a member of a JSON text */
export function unselected(key: string, text: string): JsonElement {
  const { cells, invalid, multiple } = NO_CELLS;
  return { key, heldBy: null, held: null, text, cells, invalid, multiple };
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
