/** Places in a JSON text. */

const BACKSLASH = 0x5c;

/** Where in a text something stands, for a person: `line 3, column 17` (both from 1, columns in UTF-16 units). */
export function placeIn(text: string, offset: number): string {
  return placesIn(text, [offset])[0]!;
}

/** `placeIn` for many offsets, in ascending order. */
export function placesIn(text: string, offsets: readonly number[]): string[] {
  let line = 1;
  let start = 0;
  let end = text.indexOf('\n');
  return offsets.map((offset) => {
    for (; end !== -1 && end < offset; end = text.indexOf('\n', end + 1)) {
      line++;
      start = end + 1;
    }
    return `line ${line}, column ${offset - start + 1}`;
  });
}

/** Offset after the string of JSON whose quotation mark stands at `start`; -1 where it has no end. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text.charCodeAt(before - 1) === BACKSLASH) before--;
    if ((end - before) % 2 === 0) return end + 1;
  }
  return -1;
}
