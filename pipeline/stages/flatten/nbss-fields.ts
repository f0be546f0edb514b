import type { AnyRow, Cell, Table } from '../../../schemas/column.js';
import type { Report } from '../../../schemas/mismatch-kinds.js';
import { nbssColumns, type NbssColumn } from '../../../schemas/nbss/column.js';
import { matchName } from '../../../schemas/nbss/fields.js';
import { convert, isNoValue, type Converted, type ValueProblem } from '../../nbss/values.js';
import { emptyExtra, type Extra } from '../../omi-db/extra.js';
import type { JsonObject } from '../../omi-db/json.js';
import type { UnknownFields } from './unknown-fields.js';

/** What the flatten functions of one client share. */
export interface NbssContext {
  readonly clientId: string;
  /** Path of the client's nbss file, for reports. */
  readonly path: string;
  readonly report: Report;
  readonly unknown: UnknownFields;
}

export interface RecordCells {
  /** A cell for each NBSS column of the table, null where the record has no value. */
  readonly cells: AnyRow;
  /** Keys without a column, second spellings that differ, and raw values that could not be converted. */
  readonly extra: Extra;
}

const NONE: ReadonlySet<string> = new Set();

/** Turns source records into the NBSS columns of one table; made once per table. */
export class RecordReader {
  readonly #table: string;
  readonly #byKey = new Map<string, NbssColumn>();
  readonly #empty: AnyRow = {};

  /**
   * @param table   table whose rows are made
   * @param columns its NBSS columns, where others than the table's own are to be used
   * @throws Error when two columns answer to one key: a mistake in the schema
   */
  constructor(table: Table, columns: readonly NbssColumn[] = nbssColumns(table)) {
    this.#table = table.name;
    for (const column of columns) {
      this.#empty[column.name] = null;
      for (const key of new Set([column.field, ...column.aliases].map(matchName))) {
        if (this.#byKey.has(key)) throw new Error(`table ${table.name}: two columns answer to ${key}`);
        this.#byKey.set(key, column);
      }
    }
    // The usual spelling is found at once, without folding it first.
    for (const column of columns) this.#byKey.set(column.field, column);
  }

  /**
   * @param record  JSON object whose keys are fields
   * @param handled keys of it that the caller deals with itself
   * @param where   place in the file for reports, e.g. `episode 36388, SURGERY L 1`
   */
  read(record: JsonObject, context: NbssContext, where: () => string, handled = NONE): RecordCells {
    const cells: AnyRow = { ...this.#empty };
    const extra = emptyExtra();
    for (const key of Object.keys(record)) {
      if (handled.has(key)) continue;
      const raw = record[key];
      const column = this.#byKey.get(key) ?? this.#byKey.get(matchName(key));
      if (column === undefined) this.#keep(extra, key, raw, context);
      else if (!isNoValue(raw)) this.#fill(cells, extra, column, key, raw, context, where);
    }
    return { cells, extra };
  }

  #keep(extra: Extra, key: string, raw: unknown, context: NbssContext): void {
    extra[key] = raw;
    context.unknown.note(context.path, this.#table, key);
  }

  #fill(
    cells: AnyRow,
    extra: Extra,
    column: NbssColumn,
    key: string,
    raw: unknown,
    context: NbssContext,
    where: () => string,
  ): void {
    const converted = convert(column, raw);
    if (cells[column.name] !== null) {
      // The field under a second spelling: the first stands, another value is kept beside it.
      if (!sameValue(cells[column.name] ?? null, converted)) this.#keep(extra, key, raw, context);
      return;
    }
    cells[column.name] = converted.cell;
    if (!converted.kept) extra[key] = raw;
    if (converted.unfit === true) {
      const lack = 'no column that can hold a list or an object under the key';
      context.unknown.note(context.path, this.#table, key, lack);
    }
    for (const problem of converted.problems) {
      context.report(mismatch(problem, `${this.#table}.${column.name}`, context, where()));
    }
  }
}

function sameValue(first: Cell, second: Converted): boolean {
  return second.kept && JSON.stringify(first) === JSON.stringify(second.cell);
}

function mismatch(problem: ValueProblem, column: string, context: NbssContext, where: string) {
  const { kind, detail, found } = problem;
  return {
    kind,
    client_id: context.clientId,
    path: context.path,
    detail: `${column} of ${where} ${detail}.`,
    found,
  };
}

/** Reports keys that were found to be unknown before the record came to its reader. */
export function noteAll(context: NbssContext, table: string, keys: readonly string[]): void {
  for (const key of keys) context.unknown.note(context.path, table, key);
}
