/** A number of women, exams, images, boxes, mismatches or the like that the page shows. One id, one number. */
export interface Count {
  readonly id: string;
  readonly n: number;
}

/** Counts that add up to another: whoever is told all of them but one knows that one too. */
export interface Sum {
  readonly whole: Count;
  readonly parts: readonly Count[];
}

/** Every count of a page and which of them add up, so that small ones can be hidden wherever they could be worked out. */
export class Ledger {
  readonly sums: Sum[] = [];
  private readonly known = new Map<string, Count>();

  /**
   * A count; the same one again where a figure repeats it.
   * @throws Error when one id is given two numbers: then a figure is wrong, or `sum` would hide the wrong ones
   */
  count(id: string, n: number): Count {
    const known = this.known.get(id);
    if (known === undefined) {
      const count = { id, n };
      this.known.set(id, count);
      return count;
    }
    if (known.n !== n) throw new Error(`the report counts ${id} as ${known.n} and as ${n}`);
    return known;
  }

  /** Adds what others count, one after the other. @throws Error as `count` does */
  addAll(ledgers: readonly Ledger[]): void {
    for (const ledger of ledgers) {
      for (const { id, n } of ledger.all()) this.count(id, n);
      this.sums.push(...ledger.sums);
    }
  }

  sum(whole: Count, parts: readonly Count[]): void {
    this.sums.push({ whole, parts });
  }

  all(): Count[] {
    return [...this.known.values()];
  }
}
