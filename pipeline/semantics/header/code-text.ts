/** Code strings of headers (VR CS): a database has some dozens of them, the same for millions of images. */
const known = new Map<string, string>();
const MAX_KNOWN = 1000;
const MAX_KNOWN_LENGTH = 100;

/** A code as it is compared: without blanks around it, in capitals. */
export function codeText(text: string): string {
  const remembered = known.get(text);
  if (remembered !== undefined) return remembered;
  const code = text.trim().toUpperCase();
  if (known.size < MAX_KNOWN && text.length <= MAX_KNOWN_LENGTH) known.set(text, code);
  return code;
}
