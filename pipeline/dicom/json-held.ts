import type { Cell } from '../../schemas/column.js';
import { isoDate } from '../../schemas/dates.js';

/** An element of a header in DICOM JSON that a column holds wholly. */
export interface HeldElement {
  /** Key in the file. */
  readonly key: string;
  /** Index of the tag whose column holds it. */
  readonly heldBy: number;
  /** The element as it was parsed. @param cell of that tag in the header that has the element */
  elementFrom(cell: Cell): unknown;
}

/** One that is kept as it was parsed. */
export class KeptElement implements HeldElement {
  constructor(
    readonly key: string,
    readonly heldBy: number,
    private readonly element: unknown,
  ) {}

  elementFrom(): unknown {
    return this.element;
  }
}

/** One that is written again from its cell, whose values are those of the element, dates as days: nothing is kept of it. */
export class WrittenElement implements HeldElement {
  /** @param isDate whether its values are dates, in the text `YYYYMMDD` each */
  constructor(
    readonly key: string,
    readonly heldBy: number,
    readonly vr: string,
    private readonly isDate: boolean,
  ) {}

  elementFrom(cell: Cell): unknown {
    const values: readonly unknown[] = Array.isArray(cell) ? cell : [cell];
    const written = values.map((value) =>
      this.isDate ? isoDate(value as number).replaceAll('-', '') : value,
    );
    return { vr: this.vr, Value: written };
  }
}
