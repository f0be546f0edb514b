import { isPlausibleElement } from './element-header.js';
import { EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE, type Encoding } from './encoding.js';
import { startsWith } from './bytes.js';
import { MalformedHeader } from './malformed-header.js';
import type { OddElements } from './odd-elements.js';
import { isKnownVr, vrAt } from './value-representation.js';

/** Where a DICOM file begins, and how its dataset is encoded where nothing, or something else, says so. */

const PREFIX = Buffer.from('DICM');
const PREAMBLE = 128;
const META_GROUP = 0x0002;
/** No group that a dataset begins with is higher: it has the SOP class in group 0008 (PS3.3 C.12.1). */
const LAST_FIRST_GROUP = 0x00ff;

/**
 * Where the first element of a file stands: after the preamble of 128 bytes and the prefix `DICM` (PS3.10 7.1), after
 * either alone, or at the very start. A value may hold these letters where the prefix would be.
 */
export function firstElementOffset(bytes: Buffer): number {
  const after = PREAMBLE + PREFIX.length;
  if (prefixAt(bytes, PREAMBLE)) {
    return isMetaGroup(bytes, after) || !isStart(bytes, 0) ? after : 0;
  }
  if (prefixAt(bytes, 0)) return PREFIX.length;
  // A preamble of zeros, without the prefix.
  return isMetaGroup(bytes, PREAMBLE) && !isStart(bytes, 0) ? PREAMBLE : 0;
}

/** Whether a dataset that should be deflated stands as it is. */
export function isInflated(bytes: Buffer, offset: number): boolean {
  const vr = vrAt(bytes, offset + 4);
  return vr !== null && isKnownVr(vr) && isStart(bytes, offset);
}

/** True when an element of the file meta group stands here. */
export function isMetaGroup(bytes: Buffer, offset: number): boolean {
  return groupAt(bytes, offset, false) === META_GROUP && isPlausibleElement(bytes, offset, 0, false);
}

/**
 * How a dataset is encoded that begins here. What its transfer syntax says counts, unless its first tag makes no sense in
 * that order of bytes; without one it is seen from the first element.
 * @param declared as the transfer syntax says; null where there is none
 * @throws MalformedHeader when the bytes are no dataset
 */
export function encodingAt(
  bytes: Buffer,
  offset: number,
  declared: Encoding | null,
  odd: OddElements,
): Encoding {
  if (declared === null) return guessEncoding(bytes, offset);
  const { bigEndian } = declared;
  const turned = groupAt(bytes, offset, !bigEndian) ?? 0;
  const isTurned =
    (groupAt(bytes, offset, bigEndian) ?? 0) > LAST_FIRST_GROUP &&
    turned >= 8 &&
    turned <= LAST_FIRST_GROUP &&
    isPlausibleElement(bytes, offset, 0, !bigEndian);
  if (!isTurned) return declared;
  odd.note(
    'encoding',
    null,
    offset,
    'begins a dataset in another order of bytes than its transfer syntax says',
  );
  return bigEndian ? guessEncoding(bytes, offset) : EXPLICIT_BIG;
}

function guessEncoding(bytes: Buffer, offset: number): Encoding {
  const vr = vrAt(bytes, offset + 4);
  const isExplicit = vr !== null && isKnownVr(vr);
  const little = groupAt(bytes, offset, false) ?? 0;
  const big = groupAt(bytes, offset, true) ?? 0;
  if (isExplicit && big < little) return EXPLICIT_BIG;
  if (isExplicit && little > 0) return EXPLICIT_LITTLE;
  if (isStart(bytes, offset)) return IMPLICIT_LITTLE;
  throw new MalformedHeader(
    prefixAt(bytes, PREAMBLE)
      ? 'no element of a dataset stands where it should begin'
      : 'the file is not DICOM: it has neither the prefix DICM nor an element of a dataset at its start',
  );
}

/** Whether a dataset may begin here, in either order of bytes. */
function isStart(bytes: Buffer, offset: number): boolean {
  return [false, true].some((bigEndian) => {
    const group = groupAt(bytes, offset, bigEndian) ?? 0;
    return group > 0 && group <= LAST_FIRST_GROUP && isPlausibleElement(bytes, offset, 0, bigEndian);
  });
}

function groupAt(bytes: Buffer, offset: number, bigEndian: boolean): number | null {
  if (offset + 8 > bytes.length) return null;
  return bigEndian ? bytes.readUInt16BE(offset) : bytes.readUInt16LE(offset);
}

function prefixAt(bytes: Buffer, offset: number): boolean {
  return bytes.length >= offset + PREFIX.length && startsWith(bytes, offset, PREFIX);
}
