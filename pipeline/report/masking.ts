import { determined } from './determined.js';
import type { Count, Ledger, Sum } from './counts.js';

/**
 * Which counts must not be shown (by id), so that no number of women, exams or images from 1 to `min - 1` can be read or
 * worked out: small ones, and as many others as it takes that, in each sum, at least two are hidden and what is hidden is
 * together no small number either. A 0 is shown: it speaks of nobody. Hidden counts are shown alike, so that nobody can tell
 * the small ones from those that protect them.
 * @param min counts below it are small; with 1 none is
 */
export function hiddenCounts(ledger: Ledger, min: number): ReadonlySet<string> {
  const isSmall = ({ n }: Count) => n > 0 && n < min;
  const hidden = new Set(ledger.all().filter(isSmall).map(({ id }) => id)); // prettier-ignore
  if (hidden.size === 0) return hidden;
  do {
    protectSums(ledger.sums, hidden, min);
  } while (protectDetermined(ledger.sums, hidden));
  return hidden;
}

/** Hides more until every sum by itself tells nothing. */
function protectSums(sums: readonly Sum[], hidden: Set<string>, min: number): void {
  for (let isDone = false; !isDone;) {
    isDone = true;
    for (const sum of sums)
      while (tells(sum, hidden, min)) {
        const next = leastShown(sum, hidden);
        if (next === undefined) break;
        hidden.add(next.id);
        isDone = false;
      }
  }
}

/** Whether a sum tells one of its hidden counts, or that some of them are few together. */
function tells({ whole, parts }: Sum, hidden: ReadonlySet<string>, min: number): boolean {
  const hiddenParts = parts.filter(({ id }) => hidden.has(id));
  if (hidden.has(whole.id)) return hiddenParts.length === 0;
  const together = hiddenParts.reduce((total, { n }) => total + n, 0);
  return hiddenParts.length === 1 || (hiddenParts.length > 1 && together < min);
}

/** The least part that is shown, zeros left out; else the whole. */
function leastShown({ whole, parts }: Sum, hidden: ReadonlySet<string>): Count | undefined {
  const shown = parts.filter(({ id, n }) => n > 0 && !hidden.has(id));
  if (shown.length > 0) return shown.reduce((least, part) => (part.n < least.n ? part : least));
  return hidden.has(whole.id) ? undefined : whole;
}

/** Hides one more count near each that all sums together tell. @returns whether there was one that could be */
function protectDetermined(sums: readonly Sum[], hidden: Set<string>): boolean {
  let isMore = false;
  for (const id of determined(sums, hidden)) {
    const next = nearestShown(id, sums, hidden);
    if (next === undefined) continue;
    hidden.add(next.id);
    isMore = true;
  }
  return isMore;
}

/**
 * The least count that is shown in the sums of a hidden one; where those show none, in the sums that hidden counts link to
 * them. Only where all of a group of linked sums is hidden is there none, and then they tell nothing: twice each of its counts
 * fits them too.
 */
function nearestShown(id: string, sums: readonly Sum[], hidden: ReadonlySet<string>): Count | undefined {
  const linked = new Set([id]);
  // The set grows while it is walked: nearest first.
  for (const near of linked)
    for (const { whole, parts } of sums) {
      const counts = [whole, ...parts];
      if (!counts.some((count) => count.id === near)) continue;
      const next = leastShown({ whole, parts }, hidden);
      if (next !== undefined) return next;
      for (const count of counts) if (hidden.has(count.id)) linked.add(count.id);
    }
  return undefined;
}
