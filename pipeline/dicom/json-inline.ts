import { inlineValues } from './dataset-values.js';
import type { FoundValues } from './path-values.js';
import type { SelectedTag } from './selected-tag.js';
import { isReadable } from './value-representation.js';

/** Values that DICOM JSON holds as bytes (InlineBinary, PS3.18 F.2.7): little endian, as the DICOM file would have them. */

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const WHITE_SPACE = /\s+/g;

/**
 * The values that a tag selects in the bytes of an element, at its path from this step on.
 * @param vr of the JSON; UN where the dictionary tells
 * @returns a fault where it is no base64, or what it says depends on another element: US or SS
 */
export function inlineBinary(text: unknown, vr: string, tag: SelectedTag): FoundValues | null {
  const base64 = typeof text === 'string' ? text.replace(WHITE_SPACE, '') : '!';
  if (!BASE64.test(base64)) return unreadable(text);
  const bytes = Buffer.from(base64, 'base64');
  const found = inlineValues(bytes, vr, tag, false);
  if (tag.vr !== 'US/SS' || isReadable(vr)) return found;
  const signed = inlineValues(bytes, vr, tag, true);
  return found?.components.every((value, i) => value === signed?.components[i]) === true
    ? found
    : unreadable(text);
}

function unreadable(text: unknown): FoundValues {
  return { components: [], fault: 'value', raw: [text], exact: false };
}
