import { parseInt32 } from './raw-values.js';

/** Longer texts are no list of an episode's lesions: a number of them would be a row each. */
const MAX_LINK_TEXT = 10_000;

/** The NBSS lesions that a mark names. */
export interface LinkedLesions {
  /** Distinct, in the order of the text. */
  readonly numbers: readonly number[];
  /** Parts of the text that are no number. */
  readonly invalid: readonly string[];
}

/** Reads LinkedNBSSLesionNumber: numbers with commas between, or UNLINKED (format page of OMI-DB). */
export function readLinkedLesions(raw: string | null): LinkedLesions {
  const numbers = new Set<number>();
  const invalid: string[] = [];
  if (raw === null || raw.toUpperCase() === 'UNLINKED') return { numbers: [], invalid };
  if (raw.length > MAX_LINK_TEXT) return { numbers: [], invalid: [raw] };
  for (const part of raw.split(',').map((text) => text.trim())) {
    const number = parseInt32(part);
    if (number !== null) numbers.add(number);
    else if (part !== '') invalid.push(part);
  }
  return { numbers: [...numbers], invalid };
}
