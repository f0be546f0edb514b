import stringWidth from 'string-width';

/** Text in columns of a screen: counted by what it takes of a line, which is two for wide characters and none for combining marks. */

const PLAIN = /^[ -~]*$/;

/** How many columns of a screen a text takes. */
export function displayWidth(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** A text with blanks up to a width; one that is wider stays as it is. */
export function pad(text: string, width: number, side: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return side === 'left' ? `${text}${blanks}` : `${blanks}${text}`;
}

/** Lines of at most `width` columns: broken at blanks, or within a word that is longer than a line. */
export function wrapText(text: string, width: number): string[] {
  if (displayWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (displayWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = displayWidth(word) <= width ? [word] : breakWord(word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1)!;
  }
  return [...lines, line];
}

/** By what a reader takes for one character, accents and all. */
const CHARACTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });

function breakWord(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let taken = 0;
  for (const { segment } of CHARACTERS.segment(word)) {
    const more = displayWidth(segment);
    if (taken + more > width && piece !== '') {
      pieces.push(piece);
      piece = '';
      taken = 0;
    }
    piece += segment;
    taken += more;
  }
  return [...pieces, piece];
}
