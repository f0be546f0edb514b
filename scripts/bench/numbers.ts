import type { Spread } from './statistics.js';

/** Numbers as a person reads them. */

/** 1234.5 -> `1,235` */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** 1.2345 -> `1.23`, 0.012345 -> `0.0123`, 123.4 -> `123`: three figures. */
export function plain(value: number): string {
  if (value === 0) return '0';
  const decimals = 2 - Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(6, Math.max(0, decimals)));
}

/** 1.2345 -> `1.23 s` */
export function seconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} s`;
}

/** 0.123 -> `12 %` */
export function percent(share: number): string {
  return `${(100 * share).toFixed(Math.abs(share) < 0.1 ? 1 : 0)} %`;
}

/** 123456789 -> `123 MB` */
export function mb(bytes: number): string {
  return `${whole(bytes / 1e6)} MB`;
}

/** Minimum and maximum: `1.20 to 1.31`. */
export function spreadOf({ min, max }: Spread): string {
  return `${plain(min)} to ${plain(max)}`;
}
