import iconv from 'iconv-lite';
import { decodeCodeExtensions, G1_SETS, GRAPHIC_SETS, type GraphicSets } from './code-extensions.js';
import { SINGLE_TEXT_VRS } from './value-representation.js';

export interface DecodedText {
  readonly text: string;
  /** False when bytes had no meaning in the character set, or the character set is unknown: U+FFFD is in their place. */
  readonly sound: boolean;
}

/** Character sets that stand alone, without code extensions (PS3.3 table C.12-5). */
const WHOLE_SETS: ReadonlyMap<string, string> = new Map([
  ['ISO_IR 192', 'utf8'],
  ['GB18030', 'gb18030'],
  ['GBK', 'gbk'],
]);

/** `ISO_IR 100` and `ISO 2022 IR 100`, and ways in which they are misspelt. */
const ISO_TERM = /^ISO[ _-]?(?:2022[ _-]?)?IR[ _-]?(\d+)$/;

const ESCAPE = 0x1b;
const REPLACEMENT = '\ufffd';

type Decoder = (bytes: Buffer, vr: string) => string;
const MAX_DECODERS = 100;
const decoders = new Map<string, Decoder>();

/**
 * The text of bytes[start, end) in a character set of PS3.3 C.12.1.1.2.
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
  // Every character set has ASCII in its lower half, but for the yen sign and the overline of ISO-IR 14.
  if (isAscii(bytes, start, end) && !characterSet.includes('13'))
    return { text: bytes.toString('latin1', start, end), sound: true };
  const text = decoderOf(characterSet)(bytes.subarray(start, end), vr);
  return { text, sound: !text.includes(REPLACEMENT) };
}

function decoderOf(characterSet: string): Decoder {
  const known = decoders.get(characterSet);
  if (known !== undefined) return known;
  const decoder = makeDecoder(characterSet);
  // Damaged headers may hold any text here.
  if (decoders.size < MAX_DECODERS) decoders.set(characterSet, decoder);
  return decoder;
}

function isAscii(bytes: Buffer, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const byte = bytes[index]!;
    if (byte >= 0x80 || byte === ESCAPE) return false;
  }
  return true;
}

/** Of several character sets the first is in use until an escape sequence designates another. */
function makeDecoder(characterSet: string): Decoder {
  const first = (characterSet.split('\\')[0] ?? '').trim().toUpperCase();
  const whole = WHOLE_SETS.get(first.replace(/^ISO[ _-]?IR[ _-]?192$/, 'ISO_IR 192'));
  if (whole !== undefined) return (bytes) => iconv.decode(bytes, whole, { stripBOM: false });
  const initial = initialSets(ISO_TERM.exec(first)?.[1] ?? '6');
  return (bytes, vr) => decodeCodeExtensions(bytes, initial, delimitersOf(vr));
}

function initialSets(registration: string): GraphicSets {
  if (registration === '13') return { g0: GRAPHIC_SETS.get('(J')!, g1: GRAPHIC_SETS.get(')I')! };
  const escape = G1_SETS.get(registration);
  return { g0: GRAPHIC_SETS.get('(B')!, g1: escape === undefined ? null : GRAPHIC_SETS.get(escape)! };
}

/** Characters after which the initial character set is in use again (PS3.5 6.1.2.5.3). */
function delimitersOf(vr: string): string {
  if (vr === 'PN') return '\\^=';
  return SINGLE_TEXT_VRS.has(vr) ? '' : '\\';
}
