import assert from 'node:assert/strict';
import { JsonHeaderReader, type JsonHeader } from '../../pipeline/dicom/json-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { JsonError, parseJsonObject } from '../../pipeline/omi-db/json.js';

/** A header to be compared, with the elements that columns hold, by their keys, in the place of what stands for them. */
export function inFull({ held, ...header }: JsonHeader) {
  const { cells } = header.values;
  const elements = held.map((element) => {
    const { key, heldBy } = element;
    return [key, { heldBy, element: element.elementFrom(cells[heldBy]!) }] as const;
  });
  return { ...header, held: Object.fromEntries(elements) };
}

/** The elements that no column holds, by their keys. */
export function leftOf({ leftText }: JsonHeader): Record<string, unknown> {
  return leftText === null ? {} : (JSON.parse(leftText) as Record<string, unknown>);
}

/** What the slow way makes of a text: parse it whole, then read the object. 'odd' where something must be reported. */
function readSlowly(bytes: Buffer, reader: JsonHeaderReader) {
  try {
    const { object, duplicateKeys, halfCharacters, validUtf8 } = parseJsonObject(bytes);
    const isOdd = duplicateKeys.length > 0 || halfCharacters > 0 || !validUtf8;
    return isOdd ? 'odd' : inFull(reader.read(object));
  } catch (error) {
    if (error instanceof JsonError) return 'odd';
    throw error;
  }
}

/** Reads texts one after the other by their bytes; each must be refused, or be read as the slow way reads it. */
export function checkInTurn(
  texts: readonly (string | Buffer)[],
  tags = loadTagSelection(),
): (true | false)[] {
  const reader = new JsonHeaderReader(tags);
  // It remembers nothing of what it reads.
  const slow = new JsonHeaderReader(tags);
  return texts.map((text) => {
    const bytes = Buffer.from(text);
    const found = reader.readBytes(bytes);
    if (found !== null) assert.deepEqual(inFull(found), readSlowly(bytes, slow));
    return found !== null;
  });
}
