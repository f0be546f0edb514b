/** Decimal numbers from the bytes of their text. */

const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** Whole numbers of so many digits are doubles. */
const MOST_DIGITS = 15;
/** Doubles, exactly: what is left of so many digits, divided by one, is the double next to the number that they stand for. */
const POWERS_OF_TEN = Array.from({ length: MOST_DIGITS }, (_, exponent) => 10 ** exponent);

/**
 * The double next to the number of up to 15 digits, with or without a point, at least one digit before it, whose text stands
 * in bytes[start, end); NaN where anything else does, a sign too.
 */
export function digitsNumber(bytes: Buffer, start: number, end: number): number {
  let digits = 0;
  let point = end;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= ZERO && byte <= NINE) digits = 10 * digits + byte - ZERO;
    else if (byte === POINT && point === end) point = at;
    else return NaN;
  }
  const isWhole = point === end;
  const count = isWhole ? end - start : end - start - 1;
  if (point === start || count > MOST_DIGITS) return NaN;
  return isWhole ? digits : digits / POWERS_OF_TEN[end - point - 1]!;
}
