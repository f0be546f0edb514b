/**
 * The value representations of DICOM PS3.5 6.2, by how their bytes are read.
 */

/** VRs whose value is text. */
export const TEXT_VRS: ReadonlySet<string> = new Set(
  'AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT'.split(' '),
);

/** Text VRs that SpecificCharacterSet applies to (PS3.5 6.1.2.3). */
export const CHARACTER_SET_VRS: ReadonlySet<string> = new Set('LO LT PN SH ST UC UT'.split(' '));

/** Text VRs that hold one value, in which a backslash is a character like any other. */
export const SINGLE_TEXT_VRS: ReadonlySet<string> = new Set('LT ST UR UT'.split(' '));

/** Text VRs whose leading spaces mean something (PS3.5 table 6.2-1). */
export const LEADING_SPACE_VRS: ReadonlySet<string> = new Set('LT ST UT'.split(' '));

/** Bytes per value of the binary numbers; AT is a pair of 16-bit numbers. */
export const NUMBER_SIZES: ReadonlyMap<string, number> = new Map([
  ['AT', 4],
  ['FD', 8],
  ['FL', 4],
  ['SL', 4],
  ['SS', 2],
  ['SV', 8],
  ['UL', 4],
  ['US', 2],
  ['UV', 8],
]);

/** Explicit VRs with a 16-bit length (PS3.5 7.1.2). */
export const SHORT_LENGTH_VRS: ReadonlySet<string> = new Set(
  'AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' '),
);

/** Explicit VRs with a 32-bit length after two zero bytes, as all that are to come. */
export const LONG_LENGTH_VRS: ReadonlySet<string> = new Set(
  'OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '),
);

/** True for a VR that there is. */
export function isKnownVr(vr: string): boolean {
  return SHORT_LENGTH_VRS.has(vr) || LONG_LENGTH_VRS.has(vr);
}

/** True for a text VR of which an element may hold several values. */
export function isListVr(vr: string): boolean {
  return TEXT_VRS.has(vr) && !SINGLE_TEXT_VRS.has(vr);
}

/** True when a value of this VR can be put into a column. */
export function isReadable(vr: string): boolean {
  return TEXT_VRS.has(vr) || NUMBER_SIZES.has(vr);
}

/** `(0018,11A0)` */
export function formatTag(tag: number): string {
  const hex = tagKey(tag);
  return `(${hex.slice(0, 4)},${hex.slice(4)})`;
}

/** `001811A0`, as the keys of DICOM JSON are written. */
export function tagKey(tag: number): string {
  return tag.toString(16).toUpperCase().padStart(8, '0');
}

const LETTERS = 26;
const vrNames: string[] = [];

/** The two capital letters at an offset, as every VR has; null where others stand. */
export function vrAt(bytes: Buffer, offset: number): string | null {
  const first = (bytes[offset] ?? 0) - 0x41;
  const second = (bytes[offset + 1] ?? 0) - 0x41;
  if (first < 0 || first >= LETTERS || second < 0 || second >= LETTERS) return null;
  // There are few pairs of them, and a string of bytes takes a call each.
  return (vrNames[first * LETTERS + second] ??= String.fromCharCode(first + 0x41, second + 0x41));
}
