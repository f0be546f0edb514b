import type { NbssColumn } from '../../schemas/nbss/column.js';
import { remembering } from '../base/remembering.js';
import { convert, type Converted } from './values.js';

/** Texts of a column that are remembered. */
const MOST = 100;

/** Of these the same few texts come again and again. */
const REPEATED = new Set(['number', 'yes_no', 'code', 'code_list']);

/** Converts the values of one column, and remembers what the texts that it met first stand for. */
export class ColumnValues {
  readonly name: string;
  readonly #column: NbssColumn;
  readonly #known: ((text: string) => Converted) | null;

  constructor(column: NbssColumn) {
    this.name = column.name;
    this.#column = column;
    this.#known = REPEATED.has(column.kind) ? remembering((text) => convert(column, text), MOST) : null;
  }

  /** As `convert`, of this column. */
  convert(raw: unknown): Converted {
    return this.#known === null || typeof raw !== 'string' ? convert(this.#column, raw) : this.#known(raw);
  }
}
