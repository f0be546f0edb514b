/** CSV by RFC 4180: commas, quotes where they are needed, lines that end with CR and LF. */

/** A record, its line's end included. */
export function csvLine(fields: readonly string[]): string {
  return `${fields.join(',')}\r\n`;
}

/**
 * A field. Null is an empty field, the empty text two quotes, so that they stay apart. Lists and structures are JSON.
 * @param value as JSON holds it
 * @param type of DuckDB, e.g. `TIMESTAMP WITH TIME ZONE`: times are written as ISO 8601 has them, dates are so already
 */
export function csvField(value: unknown, type: string): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return quoted(JSON.stringify(value));
  if (value === '') return '""';
  return quoted(type.startsWith('TIMESTAMP') ? value.replace(' ', 'T') : value);
}

function quoted(text: string): string {
  // A blank at the end is part of the field, but programs trim it.
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
