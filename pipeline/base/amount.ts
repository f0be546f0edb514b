/** A number of things, or a percentage of some. */
export interface Amount {
  readonly number: number;
  readonly isPercent: boolean;
}

/** Reads `WHAT=N` or `WHAT=P%`; null when it is neither, or N no whole number. */
export function parseAmount(text: string): { what: string; amount: Amount } | null {
  const [, what, number, percent] = /^([a-z_]+)=(\d{1,9}(?:\.\d{1,6})?)(%?)$/.exec(text) ?? [];
  const isPercent = percent === '%';
  if (what === undefined || number === undefined || (!isPercent && number.includes('.'))) return null;
  return { what, amount: { number: Number(number), isPercent } };
}

/** How many that is; a percentage of `of`, rounded down: half of a thing is none. Exact, which floating point is not. */
export function wholeAmount({ number, isPercent }: Amount, of: number): number {
  return isPercent ? Number((BigInt(Math.round(number * 1e6)) * BigInt(of)) / 100_000_000n) : number;
}
