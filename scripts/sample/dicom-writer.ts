/** An element of a dataset: what it holds depends on its value representation (PS3.5 section 6.2). */
export type Element =
  | { readonly tag: number; readonly vr: TextVr; readonly value: readonly string[] }
  | { readonly tag: number; readonly vr: NumberVr; readonly value: readonly number[] }
  | { readonly tag: number; readonly vr: 'SQ'; readonly value: readonly Dataset[] }
  | {
      readonly tag: number;
      readonly vr: BinaryVr;
      readonly value: Buffer;
      /** Stands in the file in place of the VR, where that is explicit: two characters that are no VR. */
      readonly writtenVr?: string;
    };

export type TextVr = 'AE' | 'AS' | 'CS' | 'DA' | 'DT' | 'LO' | 'LT' | 'PN' | 'SH' | 'ST' | 'TM' | 'UI' | 'UT';
/** Numbers; DS and IS are written as text. */
export type NumberVr = 'DS' | 'IS' | 'US' | 'SS' | 'UL' | 'FL' | 'FD';
export type BinaryVr = 'OB' | 'OW' | 'UN';
export type Dataset = readonly Element[];

export interface Encoding {
  readonly explicit: boolean;
  readonly bigEndian: boolean;
  readonly text: BufferEncoding;
  /** Sequences and items end with a delimiter instead of stating their length. */
  readonly delimited: boolean;
}

export const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
export const SEQUENCE_END = 0xfffee0dd;
export const UNDEFINED_LENGTH = 0xffffffff;
/**
 * VRs whose explicit form has two reserved bytes and a 32-bit length (PS3.5 section 7.1.2); all that may come have it too
 * (section 6.2), for which ZZ stands here.
 */
const LONG_VRS: ReadonlySet<string> = new Set(['OB', 'OW', 'UN', 'SQ', 'UT', 'ZZ']);
/** VRs that the specific character set applies to (PS3.5 section 6.1.2.3). */
const CHARACTER_SET_VRS: ReadonlySet<string> = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UT']);
const NUMBER_BYTES = { US: 2, SS: 2, UL: 4, FL: 4, FD: 8 } as const;

export function encodeDataset(dataset: Dataset, encoding: Encoding): Buffer {
  const ordered = [...dataset].sort((a, b) => a.tag - b.tag);
  return Buffer.concat(ordered.map((element) => encodeElement(element, encoding)));
}

export function encodeElement(element: Element, encoding: Encoding): Buffer {
  const content = encodeValue(element, encoding);
  const undefinedLength = element.vr === 'SQ' && encoding.delimited;
  const length = undefinedLength ? UNDEFINED_LENGTH : content.length;
  const vr = ('writtenVr' in element ? element.writtenVr : undefined) ?? element.vr;
  const parts = [elementStart(element.tag, vr, length, encoding), content];
  if (undefinedLength) parts.push(itemStart(SEQUENCE_END, 0, encoding));
  return Buffer.concat(parts);
}

function encodeValue(element: Element, encoding: Encoding): Buffer {
  const { vr, value } = element;
  switch (vr) {
    case 'SQ':
      return Buffer.concat(value.map((item) => encodeItem(item, encoding)));
    case 'OB':
    case 'UN':
      return padded(value, 0);
    case 'OW':
      // Words, kept here in little endian.
      return encoding.bigEndian ? Buffer.from(value).swap16() : value;
    case 'US':
    case 'SS':
    case 'UL':
    case 'FL':
    case 'FD':
      return encodeNumbers(vr, value, encoding.bigEndian);
    default: {
      const text = value.join('\\');
      const charset = CHARACTER_SET_VRS.has(vr) ? encoding.text : 'latin1';
      // UIDs are padded with NUL, all other text with a space (PS3.5 section 6.2).
      return padded(Buffer.from(text, charset), vr === 'UI' ? 0 : 0x20);
    }
  }
}

/** The items of a sequence, little endian with explicit VRs and stated lengths. */
export function explicitItems(items: readonly Dataset[]): Buffer {
  const encoding = { explicit: true, bigEndian: false, text: 'latin1', delimited: false } as const;
  return Buffer.concat(items.map((item) => encodeItem(item, encoding)));
}

function encodeItem(item: Dataset, encoding: Encoding): Buffer {
  const content = encodeDataset(item, encoding);
  if (!encoding.delimited) return Buffer.concat([itemStart(ITEM, content.length, encoding), content]);
  return Buffer.concat([
    itemStart(ITEM, UNDEFINED_LENGTH, encoding),
    content,
    itemStart(ITEM_END, 0, encoding),
  ]);
}

function encodeNumbers(vr: keyof typeof NUMBER_BYTES, values: readonly number[], bigEndian: boolean): Buffer {
  const size = NUMBER_BYTES[vr];
  const view = new DataView(new ArrayBuffer(size * values.length));
  const little = !bigEndian;
  values.forEach((number, i) => {
    if (vr === 'US') view.setUint16(i * size, number, little);
    else if (vr === 'SS') view.setInt16(i * size, number, little);
    else if (vr === 'UL') view.setUint32(i * size, number, little);
    else if (vr === 'FL') view.setFloat32(i * size, number, little);
    else view.setFloat64(i * size, number, little);
  });
  return Buffer.from(view.buffer);
}

/** Tag, VR and length of an element (PS3.5 section 7.1). */
export function elementStart(tag: number, vr: string, length: number, encoding: Encoding): Buffer {
  if (!encoding.explicit) return itemStart(tag, length, encoding);
  const long = LONG_VRS.has(vr);
  const bytes = Buffer.alloc(long ? 12 : 8);
  writeTag(bytes, tag, encoding.bigEndian);
  bytes.write(vr, 4, 'latin1');
  if (!long && length > 0xffff)
    throw new RangeError(`${vr} element ${tag.toString(16)} holds ${length} bytes`);
  if (long) write32(bytes, length, 8, encoding.bigEndian);
  else if (encoding.bigEndian) bytes.writeUInt16BE(length, 6);
  else bytes.writeUInt16LE(length, 6);
  return bytes;
}

/** Tag and 32-bit length, without a VR: items and delimiters in every syntax, all elements in implicit VR. */
export function itemStart(tag: number, length: number, { bigEndian }: Encoding): Buffer {
  const bytes = Buffer.alloc(8);
  writeTag(bytes, tag, bigEndian);
  write32(bytes, length, 4, bigEndian);
  return bytes;
}

function writeTag(bytes: Buffer, tag: number, bigEndian: boolean): void {
  if (bigEndian) bytes.writeUInt32BE(tag, 0);
  else {
    bytes.writeUInt16LE(tag >>> 16, 0);
    bytes.writeUInt16LE(tag & 0xffff, 2);
  }
}

function write32(bytes: Buffer, value: number, offset: number, bigEndian: boolean): void {
  if (bigEndian) bytes.writeUInt32BE(value, offset);
  else bytes.writeUInt32LE(value, offset);
}

export function padded(bytes: Buffer, pad: number): Buffer {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from([pad])]);
}
