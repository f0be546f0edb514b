import { JsonError } from './json-size.js';
import { placeIn } from './json-place.js';

/** Numbers as some programs write them, which are no JSON (RFC 8259 6). */

export interface OddNumber {
  /** As it is written: `NaN`, `-Infinity`, `28.` */
  readonly text: string;
  /** `line 1, column 301` */
  readonly place: string;
}

/** A string, which is left alone, or a number in whatever spelling. */
const TOKENS =
  /"[^"\\]*(?:\\[^][^"\\]*)*"|[-+]?(?:NaN|Infinity|nan|inf|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?![\w.])/g;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
/** More would be a fault of the program that wrote the file: it is not read. */
const MOST = 1000;

/**
 * A text in which numbers that are no JSON are null: NaN and infinities as Python and C write them, `28.` as dcm2json
 * writes a DS of that text, `+5` and the like.
 * @throws JsonError when there are more than a thousand
 */
export function mendNumbers(text: string): { text: string; oddNumbers: OddNumber[] } {
  const oddNumbers: OddNumber[] = [];
  const mended = text.replace(TOKENS, (token, offset: number) => {
    if (token.startsWith('"') || JSON_NUMBER.test(token)) return token;
    oddNumbers.push({ text: token, place: placeIn(text, offset) });
    if (oddNumbers.length > MOST)
      throw new JsonError(`the file holds more than ${MOST} numbers that are no JSON`);
    return 'null';
  });
  return { text: mended, oddNumbers };
}
