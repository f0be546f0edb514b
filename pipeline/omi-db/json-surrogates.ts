/** An escape in a JSON text: a pair of surrogates, one without its other half, or anything else. */
const ESCAPES =
  /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|[^])/g;
const MAY_HOLD_SURROGATES = /\\u[dD][89a-fA-F]/;

/** Whether a JSON text has escapes of surrogates, whole pairs or halves. */
export function mayHoldSurrogates(text: string): boolean {
  return MAY_HOLD_SURROGATES.test(text);
}

/**
 * A JSON text in which every escape of half a character (`\ud800` without the other half of its pair, RFC 8259 8.2) has
 * become text that reads as it is spelled. Half a character has no UTF-8: writers would put U+FFFD in its place, and two
 * keys that differ would become one.
 */
export function guardSurrogates(text: string): { text: string; halfCharacters: number } {
  if (!mayHoldSurrogates(text)) return { text, halfCharacters: 0 };
  let halfCharacters = 0;
  const guarded = text.replace(ESCAPES, (escape, half: string | undefined) => {
    if (half === undefined) return escape;
    halfCharacters++;
    return `\\${escape}`;
  });
  return { text: guarded, halfCharacters };
}
