import { viewOf } from './bytes.js';
import { JsonElementReader, type JsonElement } from './json-element.js';
import { HeaderParts, type JsonHeader } from './json-header-parts.js';
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

export type { JsonHeader } from './json-header-parts.js';

/** Reads headers in the DICOM JSON model for one selection of tags; remembers the elements that headers repeat. */
export class JsonHeaderReader {
  readonly #parts: HeaderParts;
  readonly #elements: JsonElementReader;
  /** Places whose element is found by another, that of their creator. */
  readonly #private: readonly TagPlace[];
  readonly #members: RememberedElements;

  constructor(selection: TagSelection) {
    this.#parts = new HeaderParts(selection);
    this.#elements = new JsonElementReader(selection);
    this.#private = placesOf(selection.tags).filter(({ tag }) => isInPrivateBlock(tag));
    this.#members = new RememberedElements(this.#elements, this.#parts);
  }

  /**
   * The selected values: the same cells as from the DICOM file.
   * Never throws: an element that is not as the model says is invalid where selected, and is left over.
   */
  read(header: Dataset): JsonHeader {
    const { cells } = this.#parts;
    const keys = Object.keys(header);
    const owners = this.#owners(header);
    const elements = keys.map((key) => this.#element(header, key, owners));
    cells.begin();
    for (const element of elements) cells.add(element);
    const left = elements.map(({ text }) => text).filter((text) => text !== null);
    return {
      values: cells.finish(),
      held: elements.map(({ held }) => held).filter((held) => held !== null),
      leftText: left.length === 0 ? null : `{${left.join(',')}}`,
      oddKeys: keys.filter((key) => !isElementKey(key)),
    };
  }

  /**
   * The same from the bytes of a file, without parsing what was met before.
   * @returns null where the bytes are no simple text of a header: whatever is wrong with them, and much that is not, is
   *   left to parseJsonObject and `read`
   */
  readBytes(bytes: Buffer): JsonHeader | null {
    const parts = this.#parts;
    const view = viewOf(bytes);
    parts.begin(bytes, view);
    if (!this.#members.read(bytes, view)) return null;
    if (parts.hasPrivate) {
      const group = parts.privateElements();
      const owners = this.#owners(group);
      parts.addPrivate((key) => this.#element(group, key, owners));
    }
    return parts.finish();
  }

  #element(header: Dataset, key: string, owners: Owners): JsonElement {
    const places = owners.get(key);
    return places === undefined
      ? this.#elements.read(key, standardKey(header, key), header[key])
      : this.#elements.readPrivate(key, header[key], places);
  }

  /** The places that selected tags find by their creators, by the key of their element. */
  #owners(dataset: Dataset): Owners {
    const owners = new Map<string, TagPlace[]>();
    for (const place of this.#private) {
      const key = privateKey(dataset, place.tag);
      if (key !== undefined) owners.set(key, [...(owners.get(key) ?? []), place]);
    }
    return owners;
  }
}

type Owners = ReadonlyMap<string, readonly TagPlace[]>;

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
