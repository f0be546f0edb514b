import type { NbssColumn } from '../../schemas/nbss/column.js';
import { convert, type Converted } from './values.js';

/** A file may hold any number of texts, of any length: so many of a column are remembered, and no longer ones. */
const MAX_KNOWN = 100;
const MAX_KNOWN_LENGTH = 100;

/** Of these the same few texts come again and again. */
const REPEATED = new Set(['number', 'yes_no', 'code', 'code_list']);

/** Converts the values of one column, and remembers what the texts that it met first stand for. */
export class ColumnValues {
  readonly name: string;
  readonly #column: NbssColumn;
  readonly #known: Map<string, Converted> | null;

  constructor(column: NbssColumn) {
    this.name = column.name;
    this.#column = column;
    this.#known = REPEATED.has(column.kind) ? new Map() : null;
  }

  /** As `convert`, of this column. */
  convert(raw: unknown): Converted {
    const known = this.#known;
    if (known === null || typeof raw !== 'string') return convert(this.#column, raw);
    let found = known.get(raw);
    if (found === undefined) {
      found = convert(this.#column, raw);
      if (known.size < MAX_KNOWN && raw.length <= MAX_KNOWN_LENGTH) known.set(raw, found);
    }
    return found;
  }
}
