const MS_PER_DAY = 86_400_000;
/** How long the months are, February in other years than leap years. */
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Days from March to each month: so the day that leap years have more is the last of a year. */
const DAYS_SINCE_MARCH = [306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275];
/** Of 1 March of the year 0. */
const FIRST_OF_MARCH = -719_468;

/**
 * A date of the Gregorian calendar as whole days since 1970-01-01; null where there is no such day. There are dozens in
 * each header and each client: objects of JavaScript's Date cost much more.
 * @param year from 0, in four digits: 99 is the year 99
 * @param month from 1
 */
export function daysOfDate(year: number, month: number, day: number): number | null {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && isLeap ? 29 : (MONTH_DAYS[month - 1] ?? 0);
  if (day < 1 || day > last) return null;
  // Years begin in March.
  const years = month < 3 ? year - 1 : year;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return FIRST_OF_MARCH + 365 * years + leapDays + DAYS_SINCE_MARCH[month - 1]! + day - 1;
}

/** The date that eight digits are, `YYYYMMDD`, as `daysOfDate`; null for other texts. */
export function daysOfDigits(text: string): number | null {
  const digits = text.length === 8 ? numberAt(text, 0, 8) : -1;
  if (digits < 0) return null;
  return daysOfDate(Math.floor(digits / 10_000), Math.floor(digits / 100) % 100, digits % 100);
}

/** The number that the characters of a text from `start` to `end` are; -1 where one is no digit. */
function numberAt(text: string, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = 10 * value + digit;
  }
  return value;
}

/**
 * A calendar date written `YYYY-MM-DD` or `YYYYMMDD`, as whole days since 1970-01-01. Months and days between dashes may
 * lack their zero (`2012-5-6`), as the reference package reads them.
 * Null when the text is anything else, or no real date (month 13, 30 February, year 0000).
 */
export function parseDate(text: string): number | null {
  if (text.startsWith('0000')) return null;
  const first = text.indexOf('-');
  if (first === -1) return daysOfDigits(text);
  const second = text.indexOf('-', first + 1);
  const [monthDigits, dayDigits] = [second - first - 1, text.length - second - 1];
  if (first !== 4 || monthDigits < 1 || monthDigits > 2 || dayDigits < 1 || dayDigits > 2) return null;
  const year = numberAt(text, 0, first);
  const month = numberAt(text, first + 1, second);
  const day = numberAt(text, second + 1, text.length);
  return year < 0 || month < 0 || day < 0 ? null : daysOfDate(year, month, day);
}

/** Whether a date that `parseDate` reads has all its zeros. */
export function isPaddedDate(text: string): boolean {
  return text.length === 'YYYY-MM-DD'.length || (text.length === 'YYYYMMDD'.length && !text.includes('-'));
}

/** Days since 1970-01-01 as `YYYY-MM-DD`, for the years 0001 to 9999. */
export function isoDate(days: number): string {
  return new Date(days * MS_PER_DAY).toISOString().slice(0, 10);
}
