import type { JsonObject } from './json.js';

/** What has no column: key -> raw value, as in the source. Has no prototype, so that any key is safe. */
export type Extra = Record<string, unknown>;

/** An empty `Extra`: even the key `__proto__` is a key like any other in it. */
export function emptyExtra(): Extra {
  return Object.create(null) as Extra;
}

/** Where there is nothing, which is nearly everywhere: none is made for each. */
export const NO_EXTRA: Readonly<Extra> = Object.freeze(emptyExtra());

export function isEmptyExtra(extra: Readonly<Extra>): boolean {
  return extra === NO_EXTRA || Object.keys(extra).length === 0;
}

/** Keeps a value under its key or, where something else is kept under that, under the key with a number after it. */
export function keepUnder(extra: Extra, key: string, value: unknown): void {
  let free = key;
  for (let n = 2; Object.hasOwn(extra, free); n++) free = `${key} (${n})`;
  extra[free] = value;
}

/** JSON text of what has no column, or null when there is nothing. */
export function extraText(extra: Readonly<Extra>): string | null {
  return isEmptyExtra(extra) ? null : JSON.stringify(extra);
}

/** Whether a JSON value is an object: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
