import type { NbssColumn } from '../../schemas/nbss/column.js';
import { canonicalCode, isCode, type CanonicalCode } from './codes.js';

/** A code, and the text that it was read from. */
export interface CodeInText extends CanonicalCode {
  readonly text: string;
}

const asIs = (text: string): CodeInText => ({ code: text, known: true, respelled: false, text });

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
export function splitCodes(column: NbssColumn, text: string, maySplit: boolean): CodeInText[] {
  const list = column.codes;
  if (list === null) return maySplit ? parts(column, text).map(asIs) : [asIs(text)];
  const codeOf = (item: string): CodeInText => ({ ...canonicalCode(list, item, column.labels), text: item });
  const isParted = maySplit && column.separator !== null;
  // Blanks around a list of codes are separators, no spelling of one.
  const whole = codeOf(isParted ? text.trim() : text);
  if (whole.known) return [whole];
  if (!isParted) return [maySplit ? asIs(text) : whole];
  const items = parts(column, text);
  const codes = items.map(codeOf);
  const isList = codes.every((code) => code.known) || items.some((item) => isCode(list, item));
  return isList ? codes : [codeOf(text)];
}
