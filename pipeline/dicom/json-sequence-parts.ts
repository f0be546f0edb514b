import { CLOSE, CLOSE_LIST, COMMA } from './json-characters.js';
import { elementCells } from './element-cells.js';
import type { TagCells } from './header-cells.js';
import { endOfElement, endOfItem, QUOTED_LENGTH, type MemberReader } from './json-plain-bytes.js';
import { jsonValues, type Dataset } from './json-values.js';
import { Remembered } from './remembered.js';
import type { TagPlace } from './selected-tag.js';

/** An element of an item that selected tags are in; null in the place of one that the item does not have. */
type Part = object | null;

/** An item, or what selected tags find of it. */
class KnownItem {
  /** What a sequence gives that is so many of this item and nothing else. */
  readonly cells = new Map<number, TagCells>();

  constructor(
    readonly parts: readonly Part[],
    readonly item: Dataset,
  ) {}
}

/** Items that are remembered, the one met last in front. */
const MOST_ITEMS = 8;
/** Numbers of items that are remembered for each: images have as many frames as the breast is thick in millimetres. */
const MOST_COUNTS = 128;

/**
 * Reads one sequence of headers from its bytes, where it is plain (json-plain-bytes.ts): of its items only those elements
 * that selected tags are in, all else is gone over. An enhanced image has an item for each of its frames, and they differ
 * in little that is selected.
 */
export class SequenceParts implements MemberReader {
  readonly #places: readonly TagPlace[];
  /** Of the parts, as numbers. */
  readonly #codes: readonly number[];
  readonly #keys: readonly string[];
  readonly #met: readonly Remembered<object>[];
  readonly #items: KnownItem[] = [];
  /** Of the item that is being read. */
  readonly #parts: Part[];
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Offset after the sequence that was read last. */
  end = 0;

  private constructor(places: readonly TagPlace[]) {
    this.#places = places;
    this.#keys = [...new Set(places.map(({ tag }) => tag.path[1]!.key))];
    this.#codes = this.#keys.map((key) => parseInt(key, 16));
    this.#met = this.#keys.map(() => new Remembered());
    this.#parts = this.#keys.map(() => null);
  }

  /**
   * For the places of one element.
   * @returns null where one of them needs more of an item than elements of known keys
   */
  static of(places: readonly TagPlace[]): SequenceParts | null {
    const areKnown = places.every(({ tag }) => tag.path.length > 1 && tag.creator === null);
    return areKnown ? new SequenceParts(places) : null;
  }

  /**
   * What an element of items gives to the columns, whatever its VR.
   * @param view of the bytes
   * @param start offset of its first item
   * @returns null where it is not plain; else `end` is set
   */
  cells(bytes: Buffer, view: DataView, start: number): TagCells | null {
    this.#view = view;
    const items: KnownItem[] = [];
    for (let at = start; ; at++) {
      this.#parts.fill(null);
      at = endOfItem(bytes, at, 0, this);
      if (at === -1) return null;
      items.push(this.#known());
      if (bytes[at] === COMMA) continue;
      if (bytes[at] !== CLOSE_LIST || bytes[at + 1] !== CLOSE) return null;
      this.end = at + 2;
      return this.#cellsOf(items);
    }
  }

  /** Keeps the element of an item where selected tags are in it. */
  read(bytes: Buffer, code: number, at: number): number {
    const index = this.#codes.indexOf(code);
    if (index === -1) return endOfElement(bytes, at + QUOTED_LENGTH + 1, 1);
    const met = this.#met[index]!;
    const known = met.recognise(this.#view, at);
    if (known !== null) {
      this.#parts[index] = known.value;
      return at + known.length;
    }
    const end = endOfElement(bytes, at + QUOTED_LENGTH + 1, 1);
    if (end === -1) return -1;
    const element = JSON.parse(bytes.toString('latin1', at + QUOTED_LENGTH + 1, end)) as object;
    if (met.wants(end - at)) met.remember(this.#view, at, end, element);
    this.#parts[index] = element;
    return end;
  }

  /** The item of the parts that were read, the same object as before where they are the same. */
  #known(): KnownItem {
    const items = this.#items;
    const at = items.findIndex(({ parts }) => haveSame(parts, this.#parts));
    if (at === 0) return items[0]!;
    const known = at === -1 ? this.#newItem() : items.splice(at, 1)[0]!;
    if (items.length === MOST_ITEMS) items.pop();
    items.unshift(known);
    return known;
  }

  #newItem(): KnownItem {
    const parts = this.#parts.slice();
    const item: Record<string, unknown> = {};
    for (let i = 0; i < parts.length; i++) if (parts[i] !== null) item[this.#keys[i]!] = parts[i];
    return new KnownItem(parts, item);
  }

  #cellsOf(items: readonly KnownItem[]): TagCells {
    const { cells } = items[0]!;
    if (!items.every((item) => item === items[0])) return this.#read(items);
    const known = cells.get(items.length);
    if (known !== undefined) return known;
    if (cells.size === MOST_COUNTS) cells.clear();
    const own = this.#read(items);
    cells.set(items.length, own);
    return own;
  }

  #read(items: readonly KnownItem[]): TagCells {
    const element = { vr: 'SQ', Value: items.map(({ item }) => item) };
    return elementCells(this.#places, { values: (tag) => jsonValues(element, tag) });
  }
}

function haveSame(some: readonly Part[], others: readonly Part[]): boolean {
  for (let i = 0; i < some.length; i++) if (some[i] !== others[i]) return false;
  return true;
}
