/** An object without some of its properties; the others in their order. */
export function without<T extends object, Name extends keyof T>(
  object: T,
  names: readonly Name[],
): Omit<T, Name> {
  const left: ReadonlySet<unknown> = new Set(names);
  return Object.fromEntries(Object.entries(object).filter(([name]) => !left.has(name))) as Omit<T, Name>;
}
