const MS_PER_DAY = 86_400_000;
const DATE_FORM = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
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
  if (text.length !== 8) return null;
  let digits = 0;
  for (let i = 0; i < 8; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return null;
    digits = 10 * digits + digit;
  }
  return daysOfDate(Math.floor(digits / 10_000), Math.floor(digits / 100) % 100, digits % 100);
}

/**
 * A calendar date written `YYYY-MM-DD` or `YYYYMMDD`, as whole days since 1970-01-01. Months and days between dashes may
 * lack their zero (`2012-5-6`), as the reference package reads them.
 * Null when the text is anything else, or no real date (month 13, 30 February, year 0000).
 */
export function parseDate(text: string): number | null {
  if (text.startsWith('0000')) return null;
  const match = text.includes('-') ? DATE_FORM.exec(text) : null;
  if (match === null) return daysOfDigits(text);
  const [, year, month, day] = match;
  return daysOfDate(Number(year), Number(month), Number(day));
}

/** Whether a date that `parseDate` reads has all its zeros. */
export function isPaddedDate(text: string): boolean {
  return text.length === 'YYYY-MM-DD'.length || (text.length === 'YYYYMMDD'.length && !text.includes('-'));
}

/** Days since 1970-01-01 as `YYYY-MM-DD`, for the years 0001 to 9999. */
export function isoDate(days: number): string {
  return new Date(days * MS_PER_DAY).toISOString().slice(0, 10);
}
