/**
 * The client folder of the sample's `index`-th client (from 0). Most are optm1, optm2, …; every tenth has the
 * prefix demd and a large number, every twenty-fifth a large optm number, so that there are two prefixes,
 * several ranges of a thousand and names whose natural order differs from their order as text. As in a real
 * copy, a range holds many clients, and gaps.
 */
export function clientId(index: number): string {
  if (index % 10 === 9) return `demd${128_247 + withGaps((index - 9) / 10)}`;
  if (index % 25 === 12) return `optm${200_045 + withGaps((index - 12) / 25)}`;
  const demdBefore = Math.floor(index / 10);
  const farBefore = Math.floor((index + 12) / 25);
  return `optm${index + 1 - demdBefore - farBefore}`;
}

/** 0, 1000, 3, 1003, 6, …: two ranges at once, each with gaps; never a number twice, as 3 does not divide 1000. */
function withGaps(n: number): number {
  return 3 * Math.floor(n / 2) + 1000 * (n % 2);
}
