/**
 * Small numbers may tell of single women: counts from 1 to below `minCount` are masked. Where the counts of all values of a
 * variable are shown, their sum is known: a masked one alone could be worked out, so the least of the others goes too.
 */

/** @returns the counts, null where masked */
export function maskCounts(counts: readonly number[], minCount: number): (number | null)[] {
  const masked = new Set(counts.flatMap((count, i) => (isSmall(count, minCount) ? [i] : [])));
  if (masked.size === 1) {
    const others = counts.flatMap((count, i) => (count > 0 && !masked.has(i) ? [i] : []));
    const least = others.sort((a, b) => counts[a]! - counts[b]!)[0];
    if (least !== undefined) masked.add(least);
  }
  return counts.map((count, i) => (masked.has(i) ? null : count));
}

/** For a count that stands alone. */
export function maskCount(count: number, minCount: number): number | null {
  return isSmall(count, minCount) ? null : count;
}

function isSmall(count: number, minCount: number): boolean {
  return count > 0 && count < minCount;
}
