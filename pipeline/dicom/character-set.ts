import { convertBytes } from 'dicom-character-set';
import iconv from 'iconv-lite';

/** Text in the encoding that a SpecificCharacterSet names (PS3.3 C.12.1.1.2); the default repertoire is ASCII. */
export interface DecodedText {
  readonly text: string;
  /** False when bytes had no meaning in the character set, or the character set is unknown. */
  readonly sound: boolean;
}

const ESCAPE = 0x1b;

/**
 * Character sets without code extensions whose decoder is not dicom-character-set: it takes ISO 8859-1 and 8859-9 for
 * the Windows code pages, ASCII for UTF-8, and does not know ISO 8859-15.
 */
const ENCODINGS: ReadonlyMap<string, string> = new Map([
  ['ISO_IR 100', 'iso-8859-1'],
  ['ISO_IR 148', 'iso-8859-9'],
  ['ISO_IR 203', 'iso-8859-15'],
  ['ISO_IR 192', 'utf8'],
]);

/**
 * The text of bytes[start, end).
 * @param characterSet value of SpecificCharacterSet, components joined by a backslash; '' for the default repertoire
 * @param vr VR of the element: it tells which characters end a code extension
 */
export function decodeText(
  bytes: Buffer,
  start: number,
  end: number,
  characterSet: string,
  vr: string,
): DecodedText {
  if (isAscii(bytes, start, end) && !characterSet.includes('IR 13'))
    return { text: bytes.toString('latin1', start, end), sound: true };
  const encoding = ENCODINGS.get(characterSet.trim());
  const value = bytes.subarray(start, end);
  if (encoding !== undefined) return decoded(iconv.decode(value, encoding));
  if (characterSet.trim() === '' || characterSet.trim() === 'ISO_IR 6')
    return { text: asciiOnly(value), sound: false };
  try {
    return decoded(convertBytes(characterSet, value, { vr }));
  } catch {
    // An unknown character set or escape sequence.
    return { text: asciiOnly(value), sound: false };
  }
}

function decoded(text: string): DecodedText {
  return { text, sound: !text.includes('\ufffd') };
}

function isAscii(bytes: Buffer, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const byte = bytes[index]!;
    if (byte >= 0x80 || byte === ESCAPE) return false;
  }
  return true;
}

function asciiOnly(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[\x80-\xff]/g, '\ufffd');
}
