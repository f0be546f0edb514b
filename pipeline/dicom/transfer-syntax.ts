import { constants, inflateRawSync, inflateSync } from 'node:zlib';
import { EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE, type Encoding } from './encoding.js';
import { MalformedHeader } from './malformed-header.js';

const IMPLICIT_SYNTAXES: ReadonlySet<string> = new Set([
  '1.2.840.10008.1.2',
  // GE's own: implicit little endian, but for the pixels.
  '1.2.840.113619.5.2',
]);
const BIG_ENDIAN = '1.2.840.10008.1.2.2';
const DEFLATED_SYNTAXES: ReadonlySet<string> = new Set([
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.4.95',
  '1.2.840.10008.1.2.4.205',
]);

/** How the dataset of a transfer syntax is encoded (PS3.5 annex A): all but a few are explicit little endian. */
export function encodingOf(transferSyntax: string): Encoding {
  if (IMPLICIT_SYNTAXES.has(transferSyntax)) return IMPLICIT_LITTLE;
  return transferSyntax === BIG_ENDIAN ? EXPLICIT_BIG : EXPLICIT_LITTLE;
}

/** True when everything after the file meta group is deflated (PS3.5 A.5). */
export function isDeflated(transferSyntax: string): boolean {
  return DEFLATED_SYNTAXES.has(transferSyntax);
}

/** A deflated piece may hold pixels too, which inflate a thousandfold where they are black. */
const MAX_INFLATED = 128 * 1024 * 1024;

/**
 * Inflates the first piece of a deflated dataset.
 * @param isLast true when nothing follows the piece in the file
 * @returns what the piece inflates to, and whether the deflated stream ends with it
 * @throws MalformedHeader when the bytes are not deflated, or inflate to far more than a header
 */
export function inflate(piece: Buffer, isLast: boolean): { inflated: Buffer; isFinished: boolean } {
  const inflateIt = hasZlibHeader(piece) ? inflateSync : inflateRawSync;
  const inflateTo = (finishFlush: number) => inflateIt(piece, { finishFlush, maxOutputLength: MAX_INFLATED });
  try {
    if (isLast) return { inflated: inflateTo(constants.Z_FINISH), isFinished: true };
  } catch (error) {
    // The stream is cut: what there is of it may still hold the header.
    if ((error as NodeJS.ErrnoException).code !== 'Z_BUF_ERROR') throw notDeflated(error);
  }
  try {
    return { inflated: inflateTo(constants.Z_SYNC_FLUSH), isFinished: false };
  } catch (error) {
    throw notDeflated(error);
  }
}

/** Some programs write the header of RFC 1950, which PS3.5 A.5 leaves out; no deflated stream begins like that. */
function hasZlibHeader(piece: Buffer): boolean {
  return piece.length > 2 && piece[0] === 0x78 && piece.readUInt16BE(0) % 31 === 0;
}

function notDeflated(error: unknown): MalformedHeader {
  const reason = error instanceof Error ? error.message : String(error);
  return new MalformedHeader(`the dataset cannot be inflated: ${reason}`);
}
