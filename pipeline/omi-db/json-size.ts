/** How large a JSON file may be within: more than any real one, less than what would fill the memory or take hours. */

/** Says in one sentence, without quoting the content, why bytes are not a JSON object. */
export class JsonError extends Error {}

/** Deeper nesting than any real file has; beyond it recursive readers would run out of stack. */
export const MAX_JSON_DEPTH = 100;
/** Some three times what a file of five megabytes holds; a value takes up to a hundred times its text in memory. */
const MAX_VALUES = 1_000_000;
/** Studies of a woman, images of a series, elements of a header: what is compared with each other is never so many. */
const MAX_KEYS = 10_000;
/** A smaller file cannot hold too much. */
const SMALL = 1024 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const BRACKETS: ReadonlyMap<number, number> = new Map([
  [0x5b, 1],
  [0x7b, 1],
  [0x5d, -1],
  [0x7d, -1],
]);

export function tooDeep(): JsonError {
  return new JsonError(`the JSON is nested deeper than ${MAX_JSON_DEPTH} levels`);
}

export const JsonSize = {
  /**
   * Looks at large files before they are parsed.
   * @throws JsonError when they are nested too deep or hold too many values
   */
  checkBytes(bytes: Buffer): void {
    if (bytes.length <= SMALL) return;
    let depth = 0;
    let values = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === QUOTE) at = endOfString(bytes, at);
      else if (byte === COMMA) values++;
      else if (byte >= 0x5b) {
        const step = BRACKETS.get(byte) ?? 0;
        depth += step;
        if (step > 0) values++;
      }
      if (depth > MAX_JSON_DEPTH) throw tooDeep();
      if (values > MAX_VALUES) throw new JsonError(`the file holds more than ${MAX_VALUES} values`);
    }
  },

  /** @throws JsonError when an object has too many keys */
  checkKeys(count: number): void {
    if (count > MAX_KEYS) throw new JsonError(`an object in the file has more than ${MAX_KEYS} keys`);
  },
};

/** Offset of the quotation mark that ends the string which begins at `start`, or of the last byte. */
function endOfString(bytes: Buffer, start: number): number {
  for (let end = bytes.indexOf(QUOTE, start + 1); end !== -1; end = bytes.indexOf(QUOTE, end + 1)) {
    let before = end;
    while (bytes[before - 1] === BACKSLASH) before--;
    if ((end - before) % 2 === 0) return end;
  }
  return bytes.length - 1;
}
