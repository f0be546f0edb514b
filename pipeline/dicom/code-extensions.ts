import iconv from 'iconv-lite';

/** A set of characters that an escape sequence designates (PS3.3 tables C.12-3 and C.12-4). */
export interface GraphicSet {
  /** Half of the byte range that it is invoked in: g0 is 21-7E, g1 is A0-FF. */
  readonly half: 'g0' | 'g1';
  readonly bytesPerCharacter: 1 | 2;
  readonly decode: (bytes: Buffer) => string;
}

export interface GraphicSets {
  g0: GraphicSet;
  /** Null where no set is in use: the bytes have no meaning. */
  g1: GraphicSet | null;
}

const ESCAPE = 0x1b;
const CONTROL_END = 0x20;
/** TAB, LF, FF and CR. */
const CONTROL_DELIMITERS = '\t\n\f\r';
const REPLACEMENT = '\ufffd';

const oneByte = (encoding: string): GraphicSet => ({
  half: 'g1',
  bytesPerCharacter: 1,
  decode: (bytes) => iconv.decode(bytes, encoding),
});

const twoBytes = (half: 'g0' | 'g1', decode: (bytes: Buffer) => string): GraphicSet => ({
  half,
  bytesPerCharacter: 2,
  decode,
});

const ascii: GraphicSet = {
  half: 'g0',
  bytesPerCharacter: 1,
  decode: (bytes) => bytes.toString('latin1'),
};

/** ISO-IR 14 differs from ASCII in two characters; a backslash is a yen sign where it is no delimiter. */
const japaneseRoman: GraphicSet = {
  ...ascii,
  decode: (bytes) => bytes.toString('latin1').replaceAll('\\', '¥').replaceAll('~', '‾'),
};

/** JIS X 0201 katakana, A1 to DF, are the half-width forms of Unicode in the same order. */
function katakana(bytes: Buffer): string {
  return Array.from(bytes, (byte) =>
    byte >= 0xa1 && byte <= 0xdf ? String.fromCharCode(0xff61 + byte - 0xa1) : REPLACEMENT,
  ).join('');
}

const highBits = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte | 0x80));

/** JIS X 0212 in EUC-JP: each pair with its high bits set, after the byte 8F. */
function supplementaryKanji(bytes: Buffer): string {
  const pairs: number[] = [];
  for (let at = 0; at + 1 < bytes.length; at += 2) pairs.push(0x8f, bytes[at]! | 0x80, bytes[at + 1]! | 0x80);
  return iconv.decode(Buffer.from(pairs), 'euc-jp');
}

/** The sets by what follows the escape byte. */
export const GRAPHIC_SETS: ReadonlyMap<string, GraphicSet> = new Map([
  ['(B', ascii],
  ['(J', japaneseRoman],
  [')I', { half: 'g1', bytesPerCharacter: 1, decode: katakana }],
  ['-A', oneByte('iso-8859-1')],
  ['-B', oneByte('iso-8859-2')],
  ['-C', oneByte('iso-8859-3')],
  ['-D', oneByte('iso-8859-4')],
  ['-L', oneByte('iso-8859-5')],
  ['-G', oneByte('iso-8859-6')],
  ['-F', oneByte('iso-8859-7')],
  ['-H', oneByte('iso-8859-8')],
  ['-M', oneByte('iso-8859-9')],
  ['-b', oneByte('iso-8859-15')],
  ['-T', oneByte('tis-620')],
  ['$B', twoBytes('g0', (bytes) => iconv.decode(highBits(bytes), 'euc-jp'))],
  ['$(D', twoBytes('g0', supplementaryKanji)],
  ['$)C', twoBytes('g1', (bytes) => iconv.decode(bytes, 'euc-kr'))],
  ['$)A', twoBytes('g1', (bytes) => iconv.decode(bytes, 'gb2312'))],
]);

/** Escape sequences of the G1 sets by their number in the ISO registry, as SpecificCharacterSet names them. */
export const G1_SETS: ReadonlyMap<string, string> = new Map([
  ['100', '-A'],
  ['101', '-B'],
  ['109', '-C'],
  ['110', '-D'],
  ['144', '-L'],
  ['127', '-G'],
  ['126', '-F'],
  ['138', '-H'],
  ['148', '-M'],
  ['203', '-b'],
  ['166', '-T'],
  ['149', '$)C'],
  ['58', '$)A'],
]);

/**
 * Text with code extensions (PS3.5 6.1.2.5): escape sequences designate sets for either half of the byte range, and
 * control characters and delimiters bring back the initial ones. Bytes without meaning become U+FFFD.
 */
export function decodeCodeExtensions(bytes: Buffer, initial: GraphicSets, delimiters: string): string {
  const active = { ...initial };
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    if (byte === ESCAPE) {
      const escape = escapeAt(bytes, at + 1);
      if (escape === null) text += REPLACEMENT;
      else designate(active, GRAPHIC_SETS.get(escape)!);
      at += 1 + (escape?.length ?? 0);
    } else if (isDelimiter(byte, active.g0, delimiters)) {
      Object.assign(active, initial);
      text += String.fromCharCode(byte);
      at += 1;
    } else {
      const end = runEnd(bytes, at, active.g0, delimiters);
      text += decodeRun(bytes.subarray(at, end), byte >= 0x80 ? active.g1 : active.g0);
      at = end;
    }
  }
  return text;
}

function designate(active: GraphicSets, set: GraphicSet): void {
  active[set.half] = set;
}

function escapeAt(bytes: Buffer, at: number): string | null {
  for (const length of [2, 3]) {
    const escape = bytes.toString('latin1', at, Math.min(at + length, bytes.length));
    if (GRAPHIC_SETS.has(escape)) return escape;
  }
  return null;
}

/** In a set of two bytes a backslash is half a character; only controls end it. */
function isDelimiter(byte: number, g0: GraphicSet, delimiters: string): boolean {
  const character = String.fromCharCode(byte);
  if (byte < CONTROL_END) return CONTROL_DELIMITERS.includes(character);
  return g0.bytesPerCharacter === 1 && delimiters.includes(character);
}

/** The end of the bytes of one half from here on. */
function runEnd(bytes: Buffer, start: number, g0: GraphicSet, delimiters: string): number {
  const isHigh = bytes[start]! >= 0x80;
  let end = start + 1;
  while (end < bytes.length) {
    const byte = bytes[end]!;
    if (byte >= 0x80 !== isHigh || byte === ESCAPE || isDelimiter(byte, g0, delimiters)) break;
    end++;
  }
  return end;
}

function decodeRun(run: Buffer, set: GraphicSet | null): string {
  if (set === null) return REPLACEMENT.repeat(run.length);
  if (set.bytesPerCharacter === 1 || run.length % 2 === 0) return set.decode(run);
  return set.decode(run.subarray(0, -1)) + REPLACEMENT;
}
