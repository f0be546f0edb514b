import { startsWith, viewOf } from './bytes.js';
import { endOfElement, endOfItem, QUOTED_LENGTH, type MemberReader } from './json-plain-bytes.js';
import type { Dataset } from './json-values.js';
import { Remembered } from './remembered.js';
import type { TagPlace } from './selected-tag.js';

/** An element of an item that selected tags are in. */
interface Part {
  readonly key: string;
  readonly met: Remembered<object>;
}

const START = Buffer.from('{"vr":"SQ","Value":[');
const COMMA = 0x2c;
const CLOSE_LIST = 0x5d;
const CLOSE = 0x7d;

/**
 * Reads one sequence of headers from its bytes, where it is plain (json-plain-bytes.ts): of its items only those elements
 * that selected tags are in, all else is gone over. An enhanced image has an item for each of its frames, which differ in
 * little that is selected.
 */
export class SequenceParts implements MemberReader {
  readonly #codes: readonly number[];
  readonly #parts: readonly Part[];
  /** Parts of the item that is being read, null where it has none, and of the one before. */
  #own: (object | null)[];
  #before: (object | null)[];
  /** What was made of the one before. */
  #item: Dataset = {};
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Offset after the sequence that was read last. */
  end = 0;

  /** @param keys of the elements of its items */
  private constructor(keys: readonly string[]) {
    this.#codes = keys.map((key) => parseInt(key, 16));
    this.#parts = keys.map((key) => ({ key, met: new Remembered() }));
    this.#own = keys.map(() => null);
    this.#before = keys.map(() => null);
  }

  /**
   * For the places of one element.
   * @returns null where one of them needs more of an item than elements of known keys
   */
  static of(places: readonly TagPlace[]): SequenceParts | null {
    if (places.some(({ tag }) => tag.path.length < 2 || tag.creator !== null)) return null;
    return new SequenceParts([...new Set(places.map(({ tag }) => tag.path[1]!.key))]);
  }

  /**
   * The sequence as an element with what selected tags find in it. Items that are the same object have the same parts.
   * @param start offset of the element, after its key
   * @returns null where it is not plain; else `end` is set
   */
  readSequence(bytes: Buffer, start: number): { readonly vr: 'SQ'; readonly Value: Dataset[] } | null {
    if (!startsWith(bytes, start, START)) return null;
    this.#view = viewOf(bytes);
    const items: Dataset[] = [];
    for (let at = start + START.length; ; at++) {
      this.#own.fill(null);
      at = endOfItem(bytes, at, 0, this);
      if (at === -1) return null;
      items.push(this.#itemOfParts());
      if (bytes[at] === COMMA) continue;
      if (bytes[at] !== CLOSE_LIST || bytes[at + 1] !== CLOSE) return null;
      this.end = at + 2;
      return { vr: 'SQ', Value: items };
    }
  }

  /** Keeps the element of an item where selected tags are in it. */
  read(bytes: Buffer, code: number, at: number): number {
    const index = this.#codes.indexOf(code);
    if (index === -1) return endOfElement(bytes, at + QUOTED_LENGTH + 1, 1);
    const { met } = this.#parts[index]!;
    const known = met.recognise(this.#view, at);
    if (known !== null) {
      this.#own[index] = known.value;
      return at + known.length;
    }
    const end = endOfElement(bytes, at + QUOTED_LENGTH + 1, 1);
    if (end === -1) return -1;
    const element = JSON.parse(bytes.toString('latin1', at + QUOTED_LENGTH + 1, end)) as object;
    if (met.wants(end - at)) met.remember(this.#view, at, end, element);
    this.#own[index] = element;
    return end;
  }

  /** The item of the parts that were read, the same object as before where they are the same. */
  #itemOfParts(): Dataset {
    const own = this.#own;
    const before = this.#before;
    let isSame = true;
    for (let i = 0; i < own.length; i++) isSame &&= own[i] === before[i];
    if (isSame) return this.#item;
    const item: Record<string, unknown> = {};
    for (let i = 0; i < own.length; i++) if (own[i] !== null) item[this.#parts[i]!.key] = own[i];
    this.#own = before;
    this.#before = own;
    return (this.#item = item);
  }
}
