import { isAscii, isUtf8 } from 'node:buffer';
import { visit } from 'jsonc-parser';
import { holdsAllNumbers } from '../base/decimal.js';
import { isSafe, parseExactly, type DuplicateKey } from './json-exact.js';
import { mendNumbers, type OddNumber } from './json-numbers.js';
import type { JsonObject } from './json-object.js';
import { endOfString, placeIn } from './json-place.js';
import { guardSurrogates, mayHoldSurrogates } from './json-surrogates.js';
import { JsonError, JsonSize, MAX_JSON_DEPTH, tooDeep } from './json-size.js';

export { JsonError } from './json-size.js';

export type { JsonObject } from './json-object.js';

/** Over this size a JSON file is not read: the largest real ones are a few megabytes. */
export const MAX_JSON_BYTES = 64 * 1024 * 1024;

export interface ParsedJson {
  readonly object: JsonObject;
  /** The text that was parsed, for questions of order that a JavaScript object cannot answer. */
  readonly text: string;
  readonly duplicateKeys: readonly DuplicateKey[];
  /** False when bytes that are not UTF-8 were read as U+FFFD. */
  readonly validUtf8: boolean;
  /** How many escapes stood for half a character; they are text of six characters in `object` and `text`. */
  readonly halfCharacters: number;
  /** Numbers that are no JSON: null in `object`. */
  readonly oddNumbers: readonly OddNumber[];
}

/**
 * Parses a JSON object (RFC 8259), losing nothing: keys that stand twice are listed, and numbers that a double cannot
 * hold stay as their text.
 * @throws JsonError when the bytes are empty, not JSON, JSON but not an object, or of a size or depth that no real file
 * has (json-size.ts).
 */
export function parseJsonObject(bytes: Buffer): ParsedJson {
  JsonSize.checkBytes(bytes);
  const guarded = guardSurrogates(decode(bytes));
  const { halfCharacters } = guarded;
  const { object, text, oddNumbers } = parseText(guarded.text);
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    throw new JsonError('the file holds JSON, but not an object');
  }
  const census = noCensus();
  takeCensus(object, 1, census);
  const validUtf8 = isAscii(bytes) || isUtf8(bytes);
  const parsed = {
    object: object as JsonObject,
    text,
    duplicateKeys: [],
    validUtf8,
    halfCharacters,
    oddNumbers,
  };
  // The slow look is for the others only.
  if (isAsParsed(text, census)) return parsed;
  return { ...parsed, ...parseExactly(text) };
}

/**
 * Parses the text of one value within a JSON object that parseJsonObject would read as it stands.
 * @returns undefined where it would not: the text is not JSON, has a key twice, holds a number that a double cannot hold,
 *   or half a character
 */
export function parsePlainValue(text: string): unknown {
  if (mayHoldSurrogates(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const census = noCensus();
    takeCensus(value, 2, census);
    return isAsParsed(text, census) ? value : undefined;
  } catch {
    return undefined;
  }
}

function decode(bytes: Buffer): string {
  if (bytes.length === 0) throw new JsonError('the file is empty');
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new JsonError('the file is UTF-16, JSON has to be UTF-8');
  }
  const hasByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return bytes.toString('utf8', hasByteOrderMark ? 3 : 0);
}

/** JSON as it stands, or else with its numbers mended. */
function parseText(text: string): { object: unknown; text: string; oddNumbers: readonly OddNumber[] } {
  try {
    return { object: JSON.parse(text) as unknown, text, oddNumbers: [] };
  } catch {
    if (text.trim() === '') throw new JsonError('the file holds nothing but white space');
  }
  const mended = mendNumbers(text);
  if (mended.oddNumbers.length === 0) throw notJson(text);
  try {
    return { object: JSON.parse(mended.text) as unknown, ...mended };
  } catch {
    throw notJson(text);
  }
}

/** Why, and from where on, a text is not JSON. The engine's own message quotes the content, which may be about a person. */
function notJson(text: string): JsonError {
  const offset = firstFault(text);
  const isCut = offset >= text.trimEnd().length || (text[offset] === '"' && endOfString(text, offset) === -1);
  const what = isCut ? 'the file ends in the middle of its JSON' : 'the file is not JSON';
  return new JsonError(`${what} (${placeIn(text, offset)})`);
}

/**
 * Offset of the first thing in a text that is not JSON.
 * @throws JsonError where so many objects and arrays are open by then that the visit, which recurses, could not go on
 */
function firstFault(text: string): number {
  let depth = 0;
  let fault = -1;
  const begin = () => {
    if (++depth > MAX_JSON_DEPTH) throw tooDeep();
  };
  const end = () => {
    depth--;
  };
  const onError = (_: unknown, offset: number) => {
    fault = offset;
    throw new Error('the rest is of no interest');
  };
  const visitor = { onObjectBegin: begin, onArrayBegin: begin, onObjectEnd: end, onArrayEnd: end, onError };
  try {
    visit(text, visitor, { disallowComments: true });
  } catch (error) {
    if (fault === -1) throw error;
  }
  return fault === -1 ? text.length : fault;
}

interface Census {
  keys: number;
  hasNumbers: boolean;
  unsafeNumbers: boolean;
}

const noCensus = (): Census => ({ keys: 0, hasNumbers: false, unsafeNumbers: false });

/** Whether JSON.parse lost nothing: a text with as many `"…":` as parsed keys has no key twice. */
function isAsParsed(text: string, { keys, hasNumbers, unsafeNumbers }: Census): boolean {
  return !unsafeNumbers && countKeyMarks(text) === keys && (!hasNumbers || holdsAllNumbers(text));
}

/** Counts the keys of a value and of all that it holds, without making lists of them. */
function takeCensus(value: unknown, depth: number, census: Census): void {
  if (typeof value === 'number') {
    census.hasNumbers = true;
    if (!isSafe(value)) census.unsafeNumbers = true;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_JSON_DEPTH) throw tooDeep();
  if (Array.isArray(value)) {
    for (const item of value) takeCensus(item, depth + 1, census);
    return;
  }
  let keys = 0;
  // Parsed JSON has no inherited properties.
  for (const key in value) {
    keys++;
    takeCensus((value as JsonObject)[key], depth + 1, census);
  }
  JsonSize.checkKeys(keys);
  census.keys += keys;
}

/** How often `"` white space `:` stands in a text: at least once for each key, more when strings hold it too. */
function countKeyMarks(text: string): number {
  let count = 0;
  for (let colon = text.indexOf(':'); colon !== -1; colon = text.indexOf(':', colon + 1)) {
    let before = colon - 1;
    while (before > 0 && isSpace(text.charCodeAt(before))) before--;
    if (text.charCodeAt(before) === 0x22) count++;
  }
  return count;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
