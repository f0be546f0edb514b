import dicomParser from 'dicom-parser';
import { decodeText, unknownTerms } from './character-set.js';
import type { ElementValue, HeaderContext } from './dicom-element.js';
import { trimName, trimText } from './header-values.js';
import type { FoundValues } from './path-values.js';
import type { SelectedTag } from './selected-tag.js';
import {
  CHARACTER_SET_VRS,
  isListVr,
  isReadable,
  LEADING_SPACE_VRS,
  NUMBER_SIZES,
  SINGLE_TEXT_VRS,
  tagKey,
} from './value-representation.js';

/** The bytes of one element of a DICOM file as values of its VR (PS3.5 6.2). */

const SPACE = 0x20;
/** No value of a selected tag is longer; one of 64 MiB may hold as many components, which would fill the memory. */
const MAX_VALUE_BYTES = 1024 * 1024;

const NO_VALUE: FoundValues = { components: [], fault: null, raw: [], exact: true };

/** The values of an element that is no sequence, read by the VR of the file where it tells how, else by the tag's. */
export function readElement(element: ElementValue, tag: SelectedTag, context: HeaderContext): FoundValues {
  if (element.length === 0) return NO_VALUE;
  const { bytes, bigEndian } = element;
  const vr = valueVr(element.vr, tag.vr, context.signed);
  const size = NUMBER_SIZES.get(vr);
  const isLong = element.length > MAX_VALUE_BYTES;
  if (size === undefined && element.items === null && !isLong)
    return readTexts(element, vr, context.characterSet);
  const end = element.offset + element.length;
  if (size === undefined || element.items !== null || element.length % size !== 0 || isLong)
    return unreadable([], 'value', bytes.toString('latin1', element.offset, end));
  const components: (string | number)[] = [];
  for (let at = element.offset; at < end; at += size) components.push(readNumber(bytes, at, vr, bigEndian));
  return { components, fault: null, raw: components, exact: true };
}

/** The text of an element in the default repertoire. */
export function plainText({ bytes, offset, length }: ElementValue): string {
  return bytes.toString('latin1', ...trimmed(bytes, offset, length, true));
}

function unreadable(
  components: FoundValues['components'],
  fault: 'text' | 'value',
  raw: string,
): FoundValues {
  return { components, fault, raw: [raw], exact: false };
}

function valueVr(inFile: string | null, selected: string, signed: boolean): string {
  // A list of texts that was written as one long text.
  if (inFile !== null && SINGLE_TEXT_VRS.has(inFile) && isListVr(selected)) return selected;
  if (inFile !== null && isReadable(inFile)) return inFile;
  if (selected === 'US/SS') return signed ? 'SS' : 'US';
  return selected;
}

function splitText(text: string, vr: string): string[] {
  if (SINGLE_TEXT_VRS.has(vr)) return [text];
  const parts = text.includes('\\') ? text.split('\\').map((part) => trimText(part)) : [text];
  return vr === 'PN' ? parts.map(trimName) : parts;
}

function readTexts(element: ElementValue, vr: string, characterSet: string): FoundValues {
  const { bytes } = element;
  const [start, end] = trimmed(bytes, element.offset, element.length, !LEADING_SPACE_VRS.has(vr));
  if (start >= end) return NO_VALUE;
  const { text, sound } = decodeText(bytes, start, end, CHARACTER_SET_VRS.has(vr) ? characterSet : '', vr);
  const components = splitText(text, vr);
  if (sound) return { components, fault: null, raw: components, exact: true };
  const unknownSet = unknownTerms(characterSet);
  const values = unreadable(components, 'text', bytes.toString('latin1', start, end));
  return unknownSet === null ? values : { ...values, unknownSet };
}

/** Where a value starts and ends without its padding of spaces and NULs. */
function trimmed(bytes: Buffer, offset: number, length: number, leading: boolean): [number, number] {
  let start = offset;
  let end = offset + length;
  while (end > start && (bytes[end - 1] === SPACE || bytes[end - 1] === 0)) end--;
  if (leading) while (start < end && (bytes[start] === SPACE || bytes[start] === 0)) start++;
  return [start, end];
}

function readNumber(bytes: Buffer, at: number, vr: string, bigEndian: boolean): string | number {
  const parser = bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
  switch (vr) {
    case 'US':
      return parser.readUint16(bytes, at);
    case 'SS':
      return parser.readInt16(bytes, at);
    case 'UL':
      return parser.readUint32(bytes, at);
    case 'SL':
      return parser.readInt32(bytes, at);
    case 'FL':
      return parser.readFloat(bytes, at);
    case 'FD':
      return parser.readDouble(bytes, at);
    case 'AT':
      return tagKey(parser.readUint16(bytes, at) * 0x10000 + parser.readUint16(bytes, at + 2));
    default:
      return readWide(bytes, at, vr, bigEndian);
  }
}

/** SV and UV as decimal text, for a number would lose digits. */
function readWide(bytes: Buffer, at: number, vr: string, bigEndian: boolean): string {
  if (vr === 'SV') return String(bigEndian ? bytes.readBigInt64BE(at) : bytes.readBigInt64LE(at));
  return String(bigEndian ? bytes.readBigUInt64BE(at) : bytes.readBigUInt64LE(at));
}
