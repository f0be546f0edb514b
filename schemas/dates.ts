const MS_PER_DAY = 86_400_000;
const DATE_FORM = /^(\d{4})(?:-(\d{1,2})-(\d{1,2})|(\d{2})(\d{2}))$/;

/**
 * A calendar date written `YYYY-MM-DD` or `YYYYMMDD`, as whole days since 1970-01-01. Months and days between dashes may
 * lack their zero (`2012-5-6`), as the reference package reads them.
 * Null when the text is anything else, or no real date (month 13, 30 February, year 0000).
 */
export function parseDate(text: string): number | null {
  const match = DATE_FORM.exec(text);
  if (match === null) return null;
  const year = Number(match[1]);
  const month = Number(match[2] ?? match[4]);
  const day = Number(match[3] ?? match[5]);
  if (year === 0) return null;
  const date = new Date(0);
  // Not Date.UTC: it takes the years 0 to 99 for 1900 to 1999.
  const milliseconds = date.setUTCFullYear(year, month - 1, day);
  // Date rolls 30 February over to March: only what reads back the same was a date.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return milliseconds / MS_PER_DAY;
}

/** Whether a date that `parseDate` reads has all its zeros. */
export function isPaddedDate(text: string): boolean {
  return text.length === 'YYYY-MM-DD'.length || (text.length === 'YYYYMMDD'.length && !text.includes('-'));
}

/** Days since 1970-01-01 as `YYYY-MM-DD`, for the years 0001 to 9999. */
export function isoDate(days: number): string {
  return new Date(days * MS_PER_DAY).toISOString().slice(0, 10);
}
