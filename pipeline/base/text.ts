/** Compares by code unit, the same on every machine whatever its language. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A text without the characters of a set at its end: a regular expression would go to the end from each of them. */
export function trimEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}

/** What a terminal obeys instead of showing it, or shows in another order: ESC, C1 controls, bidirectional overrides. */
const CONTROLS = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/**
 * A text whose control characters are visible, as `\u001b`: as JSON has them, so that JSON stays the same JSON.
 * @param lines whether the ends of lines are to stay
 */
export function showControls(text: string, lines = true): string {
  return text.replace(CONTROLS, (found) => (lines && found === '\n' ? found : inUnits(found)));
}

function inUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
}
