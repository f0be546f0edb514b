import type { JsonElement } from './json-element.js';

/** Elements in the order of the keys of a JavaScript object: those that look like integers first, by number. */
export class InOrder {
  readonly #elements: JsonElement[] = [];
  /** Of those that came in that order, the last that looks like an integer. */
  #last = 0;
  #hasOthers = false;
  #isInOrder = true;

  add(element: JsonElement): void {
    const integer = integerOf(element);
    if (integer === null) this.#hasOthers = true;
    else if (this.#hasOthers || integer < this.#last) this.#isInOrder = false;
    else this.#last = integer;
    this.#elements.push(element);
  }

  all(): JsonElement[] {
    const elements = this.#elements;
    // Written by a program in JavaScript, or sorted by tag, they came so.
    if (this.#isInOrder) return elements;
    const integers = elements.filter((element) => integerOf(element) !== null);
    integers.sort((a, b) => Number(a.key) - Number(b.key));
    return [...integers, ...elements.filter((element) => integerOf(element) === null)];
  }
}

const INTEGER = /^\d+$/;

/** The number that a key looks like, which JavaScript then takes for the place in an object; else null. */
function integerOf({ key }: JsonElement): number | null {
  const first = key.charCodeAt(0);
  return first > 0x30 && first <= 0x39 && INTEGER.test(key) ? Number(key) : null;
}
