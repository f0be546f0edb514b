import { remembering } from '../base/remembering.js';
import type { Cell } from '../../schemas/column.js';

/** What the header says of an image, as `omidb summarise` gives it (semantics page of OMI-DB, 'Image'). */

/** The first value of a cell: of a list its first item; null where there is none. */
export function firstValue(cell: Cell | undefined): string | number | boolean | null {
  if (cell === undefined || cell === null) return null;
  return typeof cell === 'object' ? (cell[0] ?? null) : cell;
}

const DIVISORS: Readonly<Record<string, number>> = { M: 12, W: 52, D: 365 };

/**
 * PatientAge (0010,1010) in whole years, rounded down: its leading digits; months over 12, weeks over 52, days over 365.
 * Years, or no unit, as they are. Null without leading digits, and for an age of zero, as the reference has it.
 * @param text e.g. `052Y`, `018M`
 */
export function ageInYears(text: string | null): number | null {
  return text === null ? null : parseAge(text);
}

const parseAge = remembering((text: string): number | null => {
  const age = text.trim();
  const digits = Number(/^\d+/.exec(age)?.[0] ?? 0);
  return digits === 0 ? null : Math.floor(digits / (DIVISORS[age.slice(-1)] ?? 1));
});
