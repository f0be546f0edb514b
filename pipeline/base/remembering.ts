/** Nothing longer repeats, and files may hold texts of any length. */
const LONGEST = 100;

/**
 * The same function, which remembers what it made of the texts that it met first: of values of which a database has some
 * dozens, the same for millions of images.
 * @param make what depends on the text alone
 * @param most texts that are remembered
 */
export function remembering<Value extends object | string | number | boolean | null>(
  make: (text: string) => Value,
  most = 1000,
): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const made = make(text);
    if (known.size < most && text.length <= LONGEST) known.set(text, made);
    return made;
  };
}
