import type { AnyRow, Cell, Table } from '../../../schemas/column.js';
import type { Report } from '../../../schemas/mismatch-kinds.js';
import { nbssColumns, type NbssColumn } from '../../../schemas/nbss/column.js';
import { matchName } from '../../../schemas/nbss/fields.js';
import type { Leftover } from '../../nbss/episode.js';
import { convert, isNoValue, type Converted, type ValueProblem } from '../../nbss/values.js';
import { emptyExtra, extraText, type Extra } from '../../omi-db/extra.js';
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

/** Where a record stands, and what its row takes from there. */
export interface RecordPlace {
  /** Key columns of the row, and others that are no field of the record. */
  readonly keys: AnyRow;
  /** Place in the file for reports, e.g. `episode 36388, side L, lesion 1`. */
  readonly where: () => string;
  /** Keys of the record that are no fields: the caller deals with them. */
  readonly handled?: ReadonlySet<string>;
  /** What the caller has found to be left over; it goes to `extra`. */
  readonly leftover?: Leftover;
}

/** A row while it is made. */
interface OpenRow {
  readonly row: AnyRow;
  readonly extra: Extra;
  readonly context: NbssContext;
  readonly where: () => string;
}

/** Turns source records into rows of one table; made once per table. */
export class RecordReader {
  readonly #table: string;
  readonly #byKey = new Map<string, NbssColumn>();
  /** What rows inherit: null for every column. Most of the 80 hold nothing; a copy of all in each row costs memory. */
  readonly #noValues: AnyRow;

  /**
   * @param table   table whose rows are made
   * @param columns its NBSS columns, where others than the table's own are to be used
   * @throws Error when two columns answer to one key: a mistake in the schema
   */
  constructor(table: Table, columns: readonly NbssColumn[] = nbssColumns(table)) {
    this.#table = table.name;
    this.#noValues = Object.fromEntries(table.columns.map(({ name }) => [name, null]));
    for (const column of columns) {
      for (const key of new Set([column.field, ...column.aliases].map(matchName))) {
        if (this.#byKey.has(key)) throw new Error(`table ${table.name}: two columns answer to ${key}`);
        this.#byKey.set(key, column);
      }
    }
    // The usual spelling is found at once, without folding it first.
    for (const column of columns) this.#byKey.set(column.field, column);
  }

  /**
   * The row of a record. `extra` gets the keys without a column, second spellings that differ, and raw values that
   * could not be converted. Never throws on data. Own keys of the row are the columns that have a value, the others read
   * as null.
   * @param record JSON object whose keys are fields
   */
  row(record: JsonObject, context: NbssContext, place: RecordPlace): AnyRow {
    const { keys, where, handled, leftover } = place;
    const open: OpenRow = {
      row: Object.create(this.#noValues) as AnyRow,
      extra: emptyExtra(),
      context,
      where,
    };
    const { row, extra } = open;
    for (const key of Object.keys(record)) {
      if (handled?.has(key) === true) continue;
      const raw = record[key];
      const column = this.#byKey.get(key) ?? this.#byKey.get(matchName(key));
      if (column === undefined) this.#keep(open, key, raw);
      else if (!isNoValue(raw)) this.#fill(open, column, key, raw);
    }
    if (leftover !== undefined) {
      Object.assign(extra, leftover.rest);
      for (const key of leftover.unknownKeys) context.unknown.note(context.path, this.#table, key);
    }
    Object.assign(row, keys);
    row['extra'] = extraText(extra);
    return row;
  }

  #keep({ extra, context }: OpenRow, key: string, raw: unknown): void {
    extra[key] = raw;
    context.unknown.note(context.path, this.#table, key);
  }

  #fill(open: OpenRow, column: NbssColumn, key: string, raw: unknown): void {
    const { row, extra, context, where } = open;
    const converted = convert(column, raw);
    if (row[column.name] !== null) {
      // The field under a second spelling: the first stands, another value is kept beside it.
      if (!sameValue(row[column.name] ?? null, converted)) this.#keep(open, key, raw);
      return;
    }
    row[column.name] = converted.cell;
    if (!converted.kept) extra[key] = raw;
    if (converted.unfit === true) context.unknown.noteUnfit(context.path, this.#table, key);
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
