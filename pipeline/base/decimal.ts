/** Decimal numbers as text, and what becomes of them as doubles. */

// Each digit has one place in it: with two, a long text that is no number would take hours.
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;
const ZERO = 0x30;

/** Numbers outside strings that may have more than 15 digits, or an exponent. */
const DOUBTFUL = /[:,[]\s*(-?(?:[\d.]{17,}(?:[eE][+-]?\d+)?|[\d.]+[eE][+-]?\d+))(?=\s*[,\]}])/g;

/** Whether a double holds the number that a text is, so that nothing of it is lost; true for what is no number. */
export function isHeldByDouble(text: string): boolean {
  const digits = significantDigits(text);
  return digits === null || digits === significantDigits(String(Number(text)));
}

/** Whether doubles hold all numbers of a JSON text. What looks like a number in a string may make it false. */
export function holdsAllNumbers(json: string): boolean {
  for (const [, number] of json.matchAll(DOUBTFUL)) if (!isHeldByDouble(number!)) return false;
  return true;
}

/** The double next to a decimal text; null where there is none: it is too large, or so small that it would be 0. */
export function nearestDouble(decimal: string): number | null {
  const value = Number(decimal);
  if (!Number.isFinite(value)) return null;
  return value === 0 && /[1-9]/.test(decimal.replace(/e.*/i, '')) ? null : value;
}

/** Sign, digits without zeros around them, and exponent: the same for all spellings of a number. Null for no number. */
function significantDigits(text: string): string | null {
  const [, sign, whole, fraction, exponent] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return null;
  const digits = whole + (fraction ?? '');
  let start = 0;
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === ZERO) end--;
  while (start < end && digits.charCodeAt(start) === ZERO) start++;
  if (start === end) return '0';
  const point = whole.length - start + Number(exponent ?? 0);
  return `${sign === '-' ? '-' : ''}${digits.slice(start, end)}e${point}`;
}
