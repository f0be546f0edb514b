import type { Count } from '../counts.js';

/** How a count is shown that must not be told. */
export const HIDDEN = '·';

/** Numbers as the page shows them. */
export class Shown {
  /** @param hidden ids of counts that must not be told */
  constructor(private readonly hidden: ReadonlySet<string>) {}

  /** The number; null where it must not be told. */
  number(count: Count): number | null {
    return this.hidden.has(count.id) ? null : count.n;
  }

  text(count: Count): string {
    const n = this.number(count);
    return n === null ? HIDDEN : grouped(n);
  }

  /** As `text`, for a label that stands alone. */
  label(count: Count): string {
    return this.number(count) === null ? 'hidden' : this.text(count);
  }

  /** What share of the whole a part is; empty where that must not be told, or there is no whole. */
  share(part: Count, whole: Count): string {
    const [a, b] = [this.number(part), this.number(whole)];
    return a === null || b === null || b === 0 ? '' : percent(a / b);
  }

  /** A sentence made of counts that may be told; another one where one of them must not be. */
  tell(counts: readonly Count[], sentence: (...numbers: number[]) => string, otherwise: string): string {
    const numbers = counts.map((count) => this.number(count));
    return numbers.every((n) => n !== null) ? sentence(...numbers) : otherwise;
  }
}

/** `1234567` -> `1,234,567`, in every language. */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `0.1234` -> `12.3 %`; only what is all is 100 %, only what is none is 0 %. */
export function percent(share: number): string {
  if (share === 0 || share === 1) return `${share * 100} %`;
  return `${Math.min(99.9, Math.max(0.1, share * 100)).toFixed(1)} %`;
}

/** `1,554 (80.9 %)`; without a share the number alone. */
export function withShare(number: string, share: string): string {
  return share === '' ? number : `${number} (${share})`;
}
