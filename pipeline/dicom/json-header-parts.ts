import { HeaderCells } from './header-cells.js';
import type { HeaderValues } from './header-values.js';
import type { JsonElement } from './json-element.js';
import type { HeldElement } from './json-held.js';
import { LeftText } from './json-left-text.js';
import type { Dataset } from './json-values.js';
import type { TagSelection } from './selected-tag.js';

/** A header in the DICOM JSON model (PS3.18 annex F). */
export interface JsonHeader {
  readonly values: HeaderValues;
  /** Elements that a column holds wholly. */
  readonly held: readonly HeldElement[];
  /** Text of a JSON object of all others, in the order of the keys of an object in JavaScript; null for none. */
  readonly leftText: string | null;
  /** Keys of the others that are no tags (eight hex digits), and so no elements. */
  readonly oddKeys: readonly string[];
}

/** An element that a tag may find by its creator, and its place in the text of what is left. */
interface PrivateElement {
  readonly key: string;
  readonly element: unknown;
  readonly place: number;
}

const NO_KEYS: readonly string[] = [];

/** Gathers what the elements of a header give that is read from its bytes, one header after the other. */
export class HeaderParts {
  /** Of the header; its elements may give to them by themselves. */
  readonly cells: HeaderCells;
  readonly #left = new LeftText();
  readonly #held: HeldElement[] = [];
  #count = 0;
  /** Those of the header before: headers of one device have the same. */
  #before: readonly HeldElement[] = [];
  #isAsBefore = true;
  #private: PrivateElement[] = [];

  constructor(selection: TagSelection) {
    this.cells = new HeaderCells(selection);
  }

  /** Another header begins. @param view of its bytes */
  begin(bytes: Buffer, view: DataView): void {
    this.cells.begin();
    this.#left.begin(bytes, view);
    this.#count = 0;
    this.#isAsBefore = true;
    if (this.#private.length > 0) this.#private = [];
  }

  /**
   * Adds what an element gives.
   * @param integer that its key looks like in JavaScript, or 0
   * @param start offset in the bytes, with its key
   * @param end offset after it
   */
  add(element: JsonElement, integer: number, start: number, end: number): void {
    const { held, text } = element;
    this.cells.add(element);
    if (held !== null) this.addHeld(held);
    else if (text === null) this.#left.add(integer, start, end);
    else this.#left.addText(integer, text);
  }

  addHeld(held: HeldElement): void {
    const place = this.#count++;
    this.#held[place] = held;
    if (this.#before[place] !== held) this.#isAsBefore = false;
  }

  /** Notes an element that can only be read when all of its group are known. */
  notePrivate(key: string, element: unknown, integer: number): void {
    this.#private.push({ key, element, place: this.#left.addText(integer, null) });
  }

  get hasPrivate(): boolean {
    return this.#private.length > 0;
  }

  /** All elements that were noted. */
  privateElements(): Dataset {
    return Object.fromEntries(this.#private.map(({ key, element }) => [key, element]));
  }

  /** @param read what an element of theirs gives */
  addPrivate(read: (key: string) => JsonElement): void {
    for (const { key, place } of this.#private) {
      const element = read(key);
      this.cells.add(element);
      if (element.held !== null) this.addHeld(element.held);
      this.#left.setText(place, element.text);
    }
  }

  finish(): JsonHeader {
    return {
      values: this.cells.finish(),
      held: this.#heldElements(),
      leftText: this.#left.finish(),
      oddKeys: NO_KEYS,
    };
  }

  #heldElements(): readonly HeldElement[] {
    if (!this.#isAsBefore || this.#before.length !== this.#count)
      this.#before = this.#held.slice(0, this.#count);
    return this.#before;
  }
}
