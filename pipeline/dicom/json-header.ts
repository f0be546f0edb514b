import { HeaderCells } from './header-cells.js';
import type { HeaderValues } from './header-values.js';
import { elementOf, JsonElementReader, type JsonElement } from './json-element.js';
import { RememberedElements } from './json-members.js';
import { DICOM_JSON, isElementKey, memberKey, type Dataset } from './json-values.js';
import { privateTag } from './path-values.js';
import {
  isInPrivateBlock,
  placesOf,
  type SelectedTag,
  type TagPlace,
  type TagSelection,
} from './selected-tag.js';
import { tagKey } from './value-representation.js';

/** A header in the DICOM JSON model (PS3.18 annex F). */
export class JsonHeader {
  /**
   * @param elements in the order of the keys of an object
   * @param oddKeys keys of `left` that are no tags (eight hex digits), and so no elements
   */
  constructor(
    readonly values: HeaderValues,
    readonly elements: readonly JsonElement[],
    readonly oddKeys: readonly string[],
  ) {}

  /** Elements that no column holds wholly. */
  get left(): readonly JsonElement[] {
    return this.elements.filter(({ heldBy }) => heldBy === null);
  }
}

const NO_KEYS: readonly string[] = [];

/** Reads headers in the DICOM JSON model for one selection of tags; remembers the elements that headers repeat. */
export class JsonHeaderReader {
  readonly #cells: HeaderCells;
  readonly #elements: JsonElementReader;
  /** Places whose element is found by another, that of their creator. */
  readonly #private: readonly TagPlace[];
  readonly #members: RememberedElements;

  constructor(selection: TagSelection) {
    this.#cells = new HeaderCells(selection);
    this.#elements = new JsonElementReader(selection);
    this.#private = placesOf(selection.tags).filter(({ tag }) => isInPrivateBlock(tag));
    this.#members = new RememberedElements(this.#elements);
  }

  /**
   * The selected values: the same cells as from the DICOM file.
   * Never throws: an element that is not as the model says is invalid where selected, and is left over.
   */
  read(header: Dataset): JsonHeader {
    const elements = Object.keys(header).map((key) =>
      this.#elements.read(key, standardKey(header, key), header[key]),
    );
    const oddKeys = elements.map(({ key }) => key).filter((key) => !isElementKey(key));
    return this.#putTogether(elements, oddKeys);
  }

  /**
   * The same from the bytes of a file, without parsing what was met before.
   * @returns null where the bytes are no simple text of a header: whatever is wrong with them, and much that is not, is
   *   left to parseJsonObject and `read`
   */
  readBytes(bytes: Buffer): JsonHeader | null {
    const elements = this.#members.read(bytes);
    return elements === null ? null : this.#putTogether(elements, NO_KEYS);
  }

  #putTogether(found: readonly JsonElement[], oddKeys: readonly string[]): JsonHeader {
    const elements = this.#private.length === 0 ? found : this.#withPrivateTags(found);
    const cells = this.#cells;
    cells.begin();
    for (const element of elements) cells.add(element);
    return new JsonHeader(cells.finish(), elements, oddKeys);
  }

  /** Reads again the elements that selected tags find by their creator. */
  #withPrivateTags(elements: readonly JsonElement[]): readonly JsonElement[] {
    const dataset = Object.fromEntries(elements.map((element) => [element.key, elementOf(element)]));
    const owners = new Map<string, TagPlace[]>();
    for (const place of this.#private) {
      const key = privateKey(dataset, place.tag);
      if (key !== undefined) owners.set(key, [...(owners.get(key) ?? []), place]);
    }
    return elements.map((known) => {
      const places = owners.get(known.key);
      return places === undefined ? known : this.#elements.readPrivate(known.key, elementOf(known), places);
    });
  }
}

/** The key, as it is spelled, of the element that a tag of a private block is; undefined where there is none. */
function privateKey(dataset: Dataset, { path, creator }: SelectedTag): string | undefined {
  const tag = privateTag(path[0]!.tag, creator!, (reserving) => {
    const element = DICOM_JSON.find(dataset, reserving);
    return element === undefined ? null : DICOM_JSON.creator(element);
  });
  return tag === null ? undefined : memberKey(dataset, tagKey(tag));
}

const HAS_SMALL_LETTER = /[a-f]/;

/** The key in capitals, or null for one that does not stand for it: of several spellings of one key, one does. */
function standardKey(header: Dataset, key: string): string | null {
  if (!HAS_SMALL_LETTER.test(key) || !isElementKey(key)) return key;
  const capitals = key.toUpperCase();
  return memberKey(header, capitals) === key ? capitals : null;
}
