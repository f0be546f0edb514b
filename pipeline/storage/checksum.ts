import { createHash } from 'node:crypto';
import * as zlib from 'node:zlib';

export type Crc32 = (data: Uint8Array, before: number) => number;

/** Of Node's own; null before 20.15, which has none. */
const CRC32 = (zlib as { readonly crc32?: Crc32 }).crc32 ?? null;

/**
 * What tells that a work file does not hold what was written to it: CRC-32, which takes a third of the time of SHA-256.
 * What is published has SHA-256.
 * @param pieces of the content, in order
 * @param crc32 null for SHA-256 instead
 */
export function checksum(pieces: readonly Uint8Array[], crc32: Crc32 | null = CRC32): string {
  if (crc32 === null) {
    const hash = createHash('sha256');
    for (const piece of pieces) hash.update(piece);
    return hash.digest('hex');
  }
  let sum = 0;
  // Of a piece without memory Node 20 does not give the sum so far, but 0.
  for (const piece of pieces) if (piece.length > 0) sum = crc32(piece, sum);
  return sum.toString(16).padStart(8, '0');
}
