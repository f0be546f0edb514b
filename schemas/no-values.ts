import type { Column } from './column.js';

/**
 * The cells of a row before it has any: null for each column, by name. By way of a text, for what is parsed V8 keeps and
 * copies as one thing, while what is put together key by key is looked up key by key.
 */
export function noValues(columns: readonly Column[]): Readonly<Record<string, null>> {
  return JSON.parse(`{${columns.map(({ name }) => `"${name}":null`).join()}}`) as Record<string, null>;
}
