import type { Cell } from '../../schemas/column.js';

/** What the header says of an image, as `omidb summarise` gives it (semantics page of OMI-DB, 'Image'). */

/** The first value of a cell: of a list its first item; null where there is none. */
export function firstValue(cell: Cell | undefined): string | number | boolean | null {
  if (cell === undefined || cell === null) return null;
  return typeof cell === 'object' ? (cell[0] ?? null) : cell;
}

/** A database has a hundred ages, each in thousands of headers. */
const knownAges = new Map<string, number | null>();
const MAX_KNOWN = 1000;
const MAX_KNOWN_LENGTH = 100;

const DIVISORS: Readonly<Record<string, number>> = { M: 12, W: 52, D: 365 };

/**
 * PatientAge (0010,1010) in whole years, rounded down: its leading digits; months over 12, weeks over 52, days over 365.
 * Years, or no unit, as they are. Null without leading digits, and for an age of zero, as the reference has it.
 * @param text e.g. `052Y`, `018M`
 */
export function ageInYears(text: string | null): number | null {
  if (text === null) return null;
  let years = knownAges.get(text);
  if (years !== undefined) return years;
  years = parseAge(text.trim());
  if (knownAges.size < MAX_KNOWN && text.length <= MAX_KNOWN_LENGTH) knownAges.set(text, years);
  return years;
}

function parseAge(text: string): number | null {
  const digits = Number(/^\d+/.exec(text)?.[0] ?? 0);
  return digits === 0 ? null : Math.floor(digits / (DIVISORS[text.slice(-1)] ?? 1));
}
