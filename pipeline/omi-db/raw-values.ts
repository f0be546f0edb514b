import { isHeldByDouble, nearestDouble } from '../base/decimal.js';

/** What a value of OMI-DB's own JSON files, imagedb and nbss, may stand for, before any column is known. */

const SPACE = 0x20;
const DELETE = 0x7f;
const INT32_MIN = -2147483648;
const INT32_MAX = 2147483647;
const MAX_EXACT_DIGITS = 15;
const HAS_EXPONENT = /e/i;
// Each digit has one place in it: with two, a long text that is no number would take hours.
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** Whether a raw JSON value means 'no value': null, or text that is empty or blank. */
export function isNoValue(raw: unknown): boolean {
  if (typeof raw !== 'string') return raw === null || raw === undefined;
  // Nearly every text begins with a letter or a digit.
  const first = raw.charCodeAt(0);
  return !(first > SPACE && first < DELETE) && raw.trim() === '';
}

/** A number from a JSON number or a decimal text; null where it is neither. */
export function parseNumber(raw: unknown): number | null {
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : null;
  if (typeof raw !== 'string') return null;
  const text = raw.trim();
  return DECIMAL.test(text) ? nearestDouble(text) : null;
}

/** A whole number of 32 bits from a JSON number or a decimal text; null where it is none. */
export function parseInt32(raw: unknown): number | null {
  const value = parseNumber(raw);
  if (value === null || !Number.isInteger(value) || value < INT32_MIN || value > INT32_MAX) return null;
  return value;
}

/** False for a text that may hold more digits than a double does: of such the raw form is kept too. */
export function isExactNumber(raw: unknown): boolean {
  if (typeof raw !== 'string') return true;
  if (raw.length > MAX_EXACT_DIGITS) return false;
  // So few digits a double holds, wherever their point is; with an exponent they may be out of its range.
  return !HAS_EXPONENT.test(raw) || isHeldByDouble(raw.trim());
}

/** Text of a scalar; null for null, blank text and anything that is no scalar. */
export function textOrNull(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return text === '' ? null : text;
}

/** A value as it stands, as text: for `found` of a mismatch. */
export function asFound(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
