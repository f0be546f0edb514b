/**
 * The client folder of the sample's `index`-th client (from 0). Most are optm1, optm2, …; every tenth has the
 * prefix demd and a large number, every twenty-fifth a large optm number, so that there are two prefixes,
 * several ranges of a thousand and names whose natural order differs from their order as text.
 */
export function clientId(index: number): string {
  if (index % 10 === 9) return `demd${128_247 + ((index - 9) / 10) * 311}`;
  if (index % 25 === 12) return `optm${200_045 + ((index - 12) / 25) * 173}`;
  const demdBefore = Math.floor(index / 10);
  const farBefore = Math.floor((index + 12) / 25);
  return `optm${index + 1 - demdBefore - farBefore}`;
}
