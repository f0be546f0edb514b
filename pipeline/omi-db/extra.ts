import type { JsonObject } from './json.js';

/** What has no column: key -> raw value, as in the source. Has no prototype, so that any key is safe. */
export type Extra = Record<string, unknown>;

/** An empty `Extra`: even the key `__proto__` is a key like any other in it. */
export function emptyExtra(): Extra {
  return Object.create(null) as Extra;
}

export function isEmptyExtra(extra: Extra): boolean {
  return Object.keys(extra).length === 0;
}

/** JSON text of what has no column, or null when there is nothing. */
export function extraText(extra: Extra): string | null {
  return isEmptyExtra(extra) ? null : JSON.stringify(extra);
}

/** Whether a JSON value is an object: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
