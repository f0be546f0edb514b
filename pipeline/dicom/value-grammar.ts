import { daysOfDigits } from '../../schemas/dates.js';
import { nearestDouble } from '../base/decimal.js';

/**
 * The grammars of the text VRs that hold numbers, dates, times and ages (DICOM PS3.5 6.2). All functions take text
 * without padding and give null where it does not follow the grammar.
 */

// Each digit has one place in it: with two, a long text that is no number would take hours.
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[Ee][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+(?:\.0*)?$/;
const TIME = /^([01]\d|2[0-3])(?:(?::?)([0-5]\d)(?:(?::?)([0-5]\d|60)(?:\.\d{1,6})?)?)?$/;
const AGE = /^\d{3}[DWMY]$/;
const LOOSE_AGE = /^\d{1,3}[DWMY]?$/;

export const INT32_MAX = 2_147_483_647;
export const INT32_MIN = -2_147_483_648;

/**
 * DS: a fixed or floating point number; null also where a double cannot come near it. Its limit of 16 characters is not held: longer ones are exact all the same,
 * and in DICOM JSON the length is unknown.
 */
export function parseDecimal(text: string): number | null {
  return DECIMAL.test(text) ? nearestDouble(text) : null;
}

/** IS: a whole number, also with a decimal point and zeros after it, which lose nothing. Its range is left to the column. */
export function parseInteger(text: string): number | null {
  return INTEGER.test(text) ? Number(text) : null;
}

/** DA: `YYYYMMDD`, or `YYYY.MM.DD` of the older standard, as days since 1970-01-01. */
export function parseDate(text: string): number | null {
  const isOlder = text.length === 10 && text[4] === '.' && text[7] === '.';
  return daysOfDigits(isOlder ? text.slice(0, 4) + text.slice(5, 7) + text.slice(8) : text);
}

/** TM: `HH`, `HHMM`, `HHMMSS` or `HHMMSS.FFFFFF`; the older `HH:MM:SS` also. */
export function isTime(text: string): boolean {
  return TIME.test(text);
}

/** An age without the zeros before it, or without its unit, which then is years, as the reference reads it (its digits). */
export function isLooseAge(text: string): boolean {
  return LOOSE_AGE.test(text);
}

/** AS: three digits and D, W, M or Y. */
export function isAge(text: string): boolean {
  return AGE.test(text);
}
