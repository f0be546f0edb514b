/** How a file writes its dates: `2014-03-09` or `20140309`. */
export type DateStyle = 'dashed' | 'compact';

const MS_PER_DAY = 86_400_000;

/** Whole days from 1970-01-01 to the given date of the Gregorian calendar; `month` counts from 1. */
export function dayOf(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / MS_PER_DAY;
}

/** The date that lies so many days after 1970-01-01, as text. */
export function dateText(day: number, style: DateStyle): string {
  const dashed = new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
  return style === 'dashed' ? dashed : dashed.replaceAll('-', '');
}

/** The year of a day. */
export function yearOf(day: number): number {
  return new Date(day * MS_PER_DAY).getUTCFullYear();
}

/** `day`, moved on to a Monday when it falls on a weekend: clinics are closed then. */
export function workday(day: number): number {
  // 1970-01-01 was a Thursday.
  const weekday = (((day + 3) % 7) + 7) % 7;
  return weekday < 5 ? day : day + 7 - weekday;
}

/** A time of the day in milliseconds as DICOM writes it (VR TM), to the second. */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 19).replaceAll(':', '');
}
