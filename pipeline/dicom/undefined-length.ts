import { viewOf } from './bytes.js';
import {
  ITEM,
  ITEM_DELIMITER,
  readElementHeader,
  SEQUENCE_DELIMITER,
  tagAt,
  UNDEFINED_LENGTH,
} from './element-header.js';
import { IMPLICIT_LITTLE, type Encoding } from './encoding.js';
import { MalformedHeader } from './malformed-header.js';

/** What is open: a sequence, within which items stand, or an item, within which elements do. */
interface Level {
  readonly isItem: boolean;
  readonly encoding: Encoding;
}

/** Of a sequence whose end is looked for. */
const NO_END = { end: Infinity, look: null };

/** Deeper than any real header goes. */
export const DEEPEST = 256;

/** How the items of an element are encoded: those of a sequence that was written as UN are implicit (PS3.5 6.2.2). */
export function itemEncoding(vr: string | null, inDataset: Encoding): Encoding {
  return vr === 'UN' ? IMPLICIT_LITTLE : inDataset;
}

/**
 * Looks for the end of an element of undefined length (PS3.5 7.5), without reading what it holds: whatever has a length is
 * stepped over. Can stop where the bytes do, and go on when there are more.
 */
export class UndefinedLength {
  readonly #levels: Level[];
  /** Where to go on; past the bytes where something was stepped over that is not wholly there. */
  position: number;

  /** @param position offset after the header of the element */
  constructor(position: number, encoding: Encoding) {
    this.position = position;
    this.#levels = [{ isItem: false, encoding }];
  }

  /**
   * @returns whether `position` is the end of the element; else there are too few bytes
   * @throws MalformedHeader where something else stands than items, elements and their delimiters
   */
  scan(bytes: Buffer): boolean {
    const view = viewOf(bytes);
    while (this.#levels.length > 0) {
      if (this.position + 8 > bytes.length) return false;
      const { isItem, encoding } = this.#levels.at(-1)!;
      const tag = tagAt(view, this.position, encoding.bigEndian);
      if (!isItem) this.#item(view, tag, encoding);
      else if (!this.#element(bytes, tag, encoding)) return false;
    }
    return true;
  }

  #item(view: DataView, tag: number, encoding: Encoding): void {
    const length = view.getUint32(this.position + 4, !encoding.bigEndian);
    if (tag === SEQUENCE_DELIMITER) this.#close();
    else if (tag !== ITEM) throw new MalformedHeader('holds something that is no item');
    else if (length === UNDEFINED_LENGTH) this.#open(true, encoding, 8);
    else this.position += 8 + length;
  }

  #element(bytes: Buffer, tag: number, encoding: Encoding): boolean {
    if (tag === ITEM_DELIMITER) {
      this.#close();
      return true;
    }
    // The delimiter of the item was left out.
    if (tag === SEQUENCE_DELIMITER) {
      this.#levels.pop();
      return true;
    }
    if (tag === ITEM) throw new MalformedHeader('holds an item within an item');
    const header = readElementHeader(bytes, this.position, tag, encoding, NO_END);
    if (header === null) return false;
    const size = header.dataOffset - this.position;
    if (header.length === UNDEFINED_LENGTH) this.#open(false, itemEncoding(header.vr, encoding), size);
    else this.position += size + header.length;
    return true;
  }

  #open(isItem: boolean, encoding: Encoding, size: number): void {
    if (this.#levels.length === DEEPEST) throw new MalformedHeader('is nested too deep');
    this.#levels.push({ isItem, encoding });
    this.position += size;
  }

  #close(): void {
    this.#levels.pop();
    this.position += 8;
  }
}
