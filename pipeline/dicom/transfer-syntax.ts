import { constants, inflateRawSync } from 'node:zlib';
import { EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE, type Encoding } from './encoding.js';
import { MalformedHeader } from './malformed-header.js';
import { vrAt } from './value-representation.js';

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

/**
 * The encoding of a dataset that no file meta group describes, from its first element, which in an image is of group
 * 0008 (PS3.3 C.12.1: SOPClassUID is never missing).
 * @throws MalformedHeader when the bytes are no dataset
 */
export function guessEncoding(bytes: Buffer, offset: number): Encoding {
  const explicit = vrAt(bytes, offset + 4) !== null;
  if (bytes[offset] === 0x08 && bytes[offset + 1] === 0x00)
    return explicit ? EXPLICIT_LITTLE : IMPLICIT_LITTLE;
  if (bytes[offset] === 0x00 && bytes[offset + 1] === 0x08 && explicit) return EXPLICIT_BIG;
  throw new MalformedHeader(
    'the file is not DICOM: it has neither the prefix DICM nor an element of group 0008',
  );
}

/**
 * Where the first element of a file stands: after the preamble of 128 bytes and the prefix `DICM` (PS3.10 7.1), after
 * the prefix alone, or at the very start.
 */
export function firstElementOffset(bytes: Buffer): number {
  if (bytes.length >= 132 && bytes.toString('latin1', 128, 132) === 'DICM') return 132;
  return bytes.length >= 4 && bytes.toString('latin1', 0, 4) === 'DICM' ? 4 : 0;
}

/** True when an element of the file meta group stands here. */
export function isMetaGroup(bytes: Buffer, offset: number): boolean {
  return bytes[offset] === 0x02 && bytes[offset + 1] === 0x00 && vrAt(bytes, offset + 4) !== null;
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
  const inflateTo = (finishFlush: number) =>
    inflateRawSync(piece, { finishFlush, maxOutputLength: MAX_INFLATED });
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

function notDeflated(error: unknown): MalformedHeader {
  const reason = error instanceof Error ? error.message : String(error);
  return new MalformedHeader(`the dataset cannot be inflated: ${reason}`);
}
