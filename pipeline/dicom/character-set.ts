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

/** ISO_IR 192, and UTF-8 by other names. */
const UTF_8 =
  /^(?:ISO[ _-]?IR[ _-]?192|(?:UNICODE[ _-]?(?:1[ _-]1[ _-])?)?UTF[ _-]?8|ISO[ _-]?10646(?:[ _-]?UTF[ _-]?8)?)$/;
const LONGEST_TERM = /^[\w .:-]{1,20}$/;

const ESCAPE = 0x1b;
const REPLACEMENT = '\ufffd';

/** ISO registrations of sets that are no single G1 set: ASCII, Japanese Roman with katakana, and kanji. */
const OTHER_SETS: ReadonlySet<string> = new Set(['6', '13', '87', '159']);

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

/** The terms of a character set that PS3.3 C.12.1.1.2 does not have, for a person; null when it has all. */
export function unknownTerms(characterSet: string): string | null {
  const unknown = termsOf(characterSet).filter((term) => !isKnownTerm(term));
  if (unknown.length === 0) return null;
  const names = unknown.map((term) => (LONGEST_TERM.test(term) ? term : 'a term that is no name'));
  return `the unknown character set ${names.join(' and ')}`;
}

function isKnownTerm(term: string): boolean {
  if (term === '' || UTF_8.test(term) || WHOLE_SETS.has(term)) return true;
  const registration = ISO_TERM.exec(term)?.[1];
  return registration !== undefined && (OTHER_SETS.has(registration) || G1_SETS.has(registration));
}

function termsOf(characterSet: string): string[] {
  return characterSet.split('\\').map((term) => term.trim().toUpperCase());
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
  const first = termsOf(characterSet)[0]!;
  const whole = WHOLE_SETS.get(UTF_8.test(first) ? 'ISO_IR 192' : first);
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
