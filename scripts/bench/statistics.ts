/** Median, minimum and maximum of some values. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError when there are no values */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('the median of no values');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** @throws RangeError when there are no values */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * The ratio of two series that ran in turn: of their medians, and the least and greatest ratio of a round.
 * @throws RangeError when they differ in length or are empty
 */
export function ratio(of: readonly number[], to: readonly number[]): Spread {
  if (of.length !== to.length) throw new RangeError(`${of.length} rounds against ${to.length}`);
  const { min, max } = spread(of.map((value, round) => value / to[round]!));
  return { median: median(of) / median(to), min, max };
}

/** How much greater the greatest of some values is than the least: 0.15 for 15 %. */
export function excess(values: readonly number[]): number {
  const { min, max } = spread(values);
  return max / min - 1;
}

/** How far the runs of a series lie apart, as a share of their median. */
export function unrest(values: readonly number[]): number {
  const { median: middle, min, max } = spread(values);
  return (max - min) / middle;
}
