/**
 * Widths of text in Helvetica, and in Arial and Liberation Sans, which have the same: in thousandths of the size of the font,
 * for U+0020 to U+007E (Adobe's font metrics). A figure is laid out without a browser.
 */
// prettier-ignore
const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
  556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
  1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
  667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
  333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
  556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/** Of what is not in the list: as wide as any letter of ours, and a square for ideographs and pictures. */
const OTHER = 722;
const SQUARE = 1000;
/** Bold is wider, by this much at most. */
const BOLD = 1.12;

/** @param size of the font in px @returns px, rather too many than too few */
export function textWidth(text: string, size: number, isBold = false): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    width += WIDTHS[code - 0x20] ?? (code >= 0x1100 ? SQUARE : OTHER);
  }
  return (width / 1000) * size * (isBold ? BOLD : 1);
}

/** Lines no wider than `width`, broken between words; a word that is wider is broken after `_`, `-` …, else where it must be. */
export function wrapText(text: string, width: number, size: number, isBold = false): string[] {
  const fits = (line: string) => textWidth(line, size, isBold) <= width;
  const lines: string[] = [];
  let line = '';
  for (const word of text.trim().split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = brokenWord(word, fits);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1)!;
  }
  return [...lines, line];
}

function brokenWord(word: string, fits: (line: string) => boolean): string[] {
  // Parts of a name stay whole where they fit.
  const parts = word.split(/(?<=[_\-/.,:])/).flatMap((part) => (fits(part) ? [part] : Array.from(part)));
  const pieces: string[] = [];
  let piece = '';
  for (const part of parts) {
    if (piece !== '' && !fits(piece + part)) {
      pieces.push(piece);
      piece = '';
    }
    piece += part;
  }
  return [...pieces, piece];
}
