/** Where the pixels of an image lie in its file, for readers that map it into memory. */

/** What the reader of a header knows of the pixel element (7FE0,0010). */
export interface PixelElementFacts {
  /** Where the element begins in the file, in bytes. */
  readonly offset: number;
  readonly isExplicit: boolean;
  /** Its VR as it stands; null in implicit VR. */
  readonly vr: string | null;
  /** Declared length of its value in bytes; null when undefined: encapsulated. */
  readonly length: number | null;
  /** Whether what follows the file meta information is deflated (PS3.5 A.5): then the file has no pixel values. */
  readonly isDeflated: boolean;
}

export interface PixelValues {
  /** In bytes, from the beginning of the file. */
  readonly offset: number;
  readonly bytes: number;
}

/** VRs with two reserved bytes and a length of 32 bits (PS3.5 table 7.1-1). */
const LONG_VRS: ReadonlySet<string> = new Set([
  'OB',
  'OD',
  'OF',
  'OL',
  'OV',
  'OW',
  'SQ',
  'SV',
  'UC',
  'UN',
  'UR',
  'UT',
  'UV',
]);
const SHORT_HEADER = 8;
const LONG_HEADER = 12;

/**
 * Where the values of an unencapsulated pixel element begin, and how many bytes they are: after tag, VR, reserved bytes
 * and length (DICOM PS3.5 7.1.2 and 7.1.3). Null where there is no such element, and for encapsulated or deflated pixels.
 */
export function pixelValues(pixel: PixelElementFacts | null): PixelValues | null {
  if (pixel?.length == null || pixel.isDeflated) return null;
  const isLong = pixel.isExplicit && pixel.vr !== null && LONG_VRS.has(pixel.vr);
  return { offset: pixel.offset + (isLong ? LONG_HEADER : SHORT_HEADER), bytes: pixel.length };
}
