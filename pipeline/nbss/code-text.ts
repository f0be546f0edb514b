import type { NbssColumn } from '../../schemas/nbss/column.js';
import { canonicalCode, isCode, type CanonicalCode } from './codes.js';

const known = (code: string): CanonicalCode => ({ code, known: true });

/** Longer texts are no list of codes or studies, and stay whole. */
const MAX_LIST_TEXT = 100_000;

function parts(column: NbssColumn, text: string): string[] {
  const { separator } = column;
  if (separator === null || text.length > MAX_LIST_TEXT) return [text];
  return text
    .split(separator === ' ' ? /\s+/ : separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/**
 * The codes in one text of a field that may hold several: the whole text where it is one code, label or printed text;
 * else what its separator parts, provided those are codes. A text that only looks like a list (words of a sentence)
 * stays whole, and unknown. Fields without a stated separator are not split, nor judged: whether such a text is
 * several codes or an unknown one cannot be told.
 * @param maySplit false for the items of a JSON array, which are single codes already
 */
export function splitCodes(column: NbssColumn, text: string, maySplit: boolean): CanonicalCode[] {
  const list = column.codes;
  if (list === null) return maySplit ? parts(column, text).map(known) : [known(text)];
  const whole = canonicalCode(list, text, column.labels);
  if (whole.known || !maySplit) return [whole];
  if (column.separator === null) return [known(text)];
  const items = parts(column, text);
  const codes = items.map((item) => canonicalCode(list, item, column.labels));
  const isList = codes.every((code) => code.known) || items.some((item) => isCode(list, item));
  return isList ? codes : [whole];
}
