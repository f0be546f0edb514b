import { JsonError } from './json-size.js';
import { endOfString, placesIn } from './json-place.js';

/** Numbers as some programs write them, which are no JSON (RFC 8259 6). */

export interface OddNumber {
  /** As it is written: `NaN`, `-Infinity`, `28.` */
  readonly text: string;
  /** `line 1, column 301` */
  readonly place: string;
}

/**
 * The begin of a string, or a number in whatever spelling. A number begins at one place only, and each digit has one place
 * in it: long texts that are no number would take hours else.
 */
const TOKENS = /"|(?<![\w.])[-+]?(?:NaN|Infinity|nan|inf|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)(?![\w.])/g;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
/** More would be a fault of the program that wrote the file: it is not read. */
const MOST = 1000;

/**
 * A text in which numbers that are no JSON are null: NaN and infinities as Python and C write them, `28.` as dcm2json
 * writes a DS of that text, `+5` and the like.
 * @throws JsonError when there are more than a thousand
 */
export function mendNumbers(text: string): { text: string; oddNumbers: OddNumber[] } {
  const found = findOddNumbers(text);
  const parts: string[] = [];
  let end = 0;
  for (const { token, offset } of found) {
    parts.push(text.slice(end, offset));
    end = offset + token.length;
  }
  parts.push(text.slice(end));
  const places = placesIn(
    text,
    found.map(({ offset }) => offset),
  );
  return {
    text: parts.join('null'),
    oddNumbers: found.map(({ token }, i) => ({ text: token, place: places[i]! })),
  };
}

interface FoundNumber {
  readonly token: string;
  readonly offset: number;
}

/** Strings are passed over; a text that ends within one is no JSON, whatever its numbers. */
function findOddNumbers(text: string): FoundNumber[] {
  const found: FoundNumber[] = [];
  for (let at = 0; at !== -1;) {
    TOKENS.lastIndex = at;
    const match = TOKENS.exec(text);
    if (match === null) break;
    const { index: offset } = match;
    const [token] = match;
    at = token === '"' ? endOfString(text, offset) : offset + token.length;
    if (token === '"' || JSON_NUMBER.test(token)) continue;
    found.push({ token, offset });
    if (found.length > MOST) throw new JsonError(`the file holds more than ${MOST} numbers that are no JSON`);
  }
  return found;
}
