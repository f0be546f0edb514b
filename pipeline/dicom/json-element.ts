import type { Cell } from '../../schemas/column.js';
import { tagsToRead, type TagCells } from './header-cells.js';
import { elementCells, NO_CELLS } from './element-cells.js';
import { jsonValues } from './json-values.js';
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
  readonly element: unknown;
  /** Index of the tag whose column holds the element wholly; null when none does. */
  readonly heldBy: number | null;
  /** The element as a member of a JSON text, where no column holds it: `"00091001":{…}`. */
  readonly text: string;
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

  /**
   * @param key in the file
   * @param standardKey the key in capitals, where the element is the one that it stands for; else null
   * @param text the element as a member of a JSON text, where that costs less than to write it
   */
  read(key: string, standardKey: string | null, element: unknown, text?: () => string): JsonElement {
    const places = standardKey === null ? undefined : this.#byKey.get(standardKey);
    if (places !== undefined) return this.#read(key, element, places, text);
    return { key, element, ...NO_CELLS, heldBy: null, text: text?.() ?? memberText(key, element) };
  }

  /** @param places of private blocks that are this element */
  readPrivate(key: string, element: unknown, places: readonly TagPlace[]): JsonElement {
    return this.#read(key, element, places);
  }

  #read(key: string, element: unknown, places: readonly TagPlace[], text?: () => string): JsonElement {
    const holders: number[] = [];
    const given = elementCells(
      places,
      (tag) => jsonValues(element, tag),
      ({ tag, index, rank }, found, cell) => {
        // What only fills in for another element is kept by itself.
        if (rank === 0 && index < this.#columns && holds(tag, found, cell)) holders.push(index);
      },
    );
    const heldBy = holders[0] ?? null;
    const member = heldBy === null ? (text?.() ?? memberText(key, element)) : '';
    return { key, element, ...given, heldBy, text: member };
  }
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
