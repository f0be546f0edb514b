import { findNodeAtLocation, parseTree, visit, type Node } from 'jsonc-parser';

/** More keys are found in one visit of the text. */
const FEW_KEYS = 100;

/**
 * The order of keys in a JSON text. Object.keys will not do: JavaScript puts keys that look like integers (episode ids)
 * first and in numeric order.
 */
export class KeyOrder {
  #root: Node | undefined | null = null;

  constructor(private readonly text: string) {}

  /**
   * The keys of the object at the top, also those that the text might lack, after the others.
   * @param keys of the object as parsed, in any order
   */
  ofTop(keys: readonly string[]): readonly string[] {
    if (keys.length < 2) return keys;
    // A search of the text for each key is fast for the dozen keys of a real file only.
    if (keys.length > FEW_KEYS) return inOrderOf(this.#byVisit(), keys);
    const places: { key: string; place: number }[] = [];
    for (const key of keys) {
      const place = this.#onlyPlace(key);
      if (place === null) return inOrderOf(this.#byVisit(), keys);
      places.push({ key, place });
    }
    return places.sort((a, b) => a.place - b.place).map(({ key }) => key);
  }

  /**
   * The keys of an object within, also those that the text might lack, after the others.
   * @param path of keys to the object
   * @param keys of the object as parsed, in any order
   */
  at(path: readonly string[], keys: readonly string[]): readonly string[] {
    // Only keys that look like integers are ever out of order.
    if (keys.length < 2 || !keys.some((key) => /^\d+$/.test(key))) return keys;
    // Once for all objects of a file: there may be thousands.
    if (this.#root === null) this.#root = parseTree(this.text);
    const object = this.#root === undefined ? undefined : findNodeAtLocation(this.#root, [...path]);
    const inText = (object?.children ?? []).map((property) => String(property.children?.[0]?.value));
    return inOrderOf(inText, keys);
  }

  /** Offset of `"key"` when it stands in the text just once, else null. */
  #onlyPlace(key: string): number | null {
    const quoted = JSON.stringify(key);
    const first = this.text.indexOf(quoted);
    if (first === -1 || this.text.includes(quoted, first + 1)) return null;
    return first;
  }

  #byVisit(): readonly string[] {
    const keys = new Set<string>();
    let depth = 0;
    visit(this.text, {
      onObjectBegin: () => {
        depth++;
      },
      onObjectEnd: () => {
        depth--;
      },
      onObjectProperty: (key) => {
        if (depth === 1) keys.add(key);
      },
    });
    return [...keys];
  }
}

/** Keys in the order in which they stand in a text; those that do not come last. */
function inOrderOf(inText: readonly string[], keys: readonly string[]): string[] {
  const known = new Set(keys);
  return [...new Set([...inText.filter((key) => known.has(key)), ...keys])];
}
