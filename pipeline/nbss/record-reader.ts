import type { Cell, Table } from '../../schemas/column.js';
import type { Report } from '../../schemas/mismatch-kinds.js';
import { nbssColumns, type NbssColumn } from '../../schemas/nbss/column.js';
import { matchName } from '../../schemas/nbss/fields.js';
import type { FieldsOf, TypedRecord } from '../../schemas/row.js';
import { emptyExtra, extraText, isEmptyExtra, type Extra } from '../omi-db/extra.js';
import type { JsonObject } from '../omi-db/json.js';
import { isNoValue } from '../omi-db/raw-values.js';
import type { UnknownFields } from '../omi-db/unknown-fields.js';
import { holdsFindings } from './findings.js';
import type { Leftover } from './leftover.js';
import { ColumnValues } from './column-values.js';
import type { Converted, ValueProblem } from './values.js';

/** What the readers of one client's nbss file share. */
export interface NbssContext {
  readonly clientId: string;
  /** Path of the client's nbss file, for reports. */
  readonly path: string;
  readonly report: Report;
  readonly unknown: UnknownFields;
}

/** Where a record stands. */
export interface RecordPlace {
  /** Place in the file for reports, e.g. `episode 36388, side L, lesion 1`. */
  readonly where: () => string;
  /** Keys of the record that are no fields: the caller deals with them. */
  readonly handled?: ReadonlySet<string>;
  /** What the caller has found to be left over; it goes to `extra`. */
  readonly leftover?: Leftover;
}

/** A record while it is read. */
interface OpenRecord {
  readonly fields: Record<string, Cell>;
  /** Null while every key has a column, as in nearly every record. */
  extra: Extra | null;
  readonly context: NbssContext;
  readonly where: () => string;
}

/** Spellings of keys that are remembered, at most: a file may hold any number. */
const MAX_SPELLINGS = 1000;

/** Converts the fields of source records to cells of one table; made once per table. */
export class RecordReader<T extends Table> {
  readonly #table: string;
  readonly #byKey = new Map<string, ColumnValues>();
  readonly #begin: () => Record<string, Cell>;

  /**
   * @param table   table that the records are read for
   * @param begin   makes what a record begins as, see noValues. A spread of its own for each table: V8 copies at once what
   *   one place in the program always copies, and key by key where a place copies many sorts
   * @param columns its NBSS columns, where others than the table's own are to be used
   * @throws Error when two columns answer to one key: a mistake in the schema
   */
  constructor(
    table: T,
    begin: () => Record<string, Cell>,
    columns: readonly NbssColumn[] = nbssColumns(table),
  ) {
    this.#table = table.name;
    this.#begin = begin;
    for (const column of columns) {
      const values = new ColumnValues(column);
      for (const key of new Set([column.field, ...column.aliases].map(matchName))) {
        if (this.#byKey.has(key)) throw new Error(`table ${table.name}: two columns answer to ${key}`);
        this.#byKey.set(key, values);
      }
      // The usual spelling is found at once, without folding it first.
      this.#byKey.set(column.field, values);
    }
  }

  /**
   * The typed form of a record. `extra` gets the keys without a column, second spellings that differ, and raw values
   * that could not be converted. Never throws on data.
   * @param record JSON object whose keys are fields
   */
  read(record: JsonObject, context: NbssContext, { where, handled, leftover }: RecordPlace): TypedRecord<T> {
    const open: OpenRecord = { fields: this.#begin(), extra: null, context, where };
    for (const key of Object.keys(record)) {
      if (handled?.has(key) === true) continue;
      const raw = record[key];
      const column = this.#byKey.get(key) ?? this.#bySpelling(key);
      if (column === undefined) this.#keep(open, key, raw);
      else if (!isNoValue(raw)) this.#fill(open, column, key, raw);
    }
    if (leftover !== undefined && !isEmptyExtra(leftover.rest)) {
      Object.assign((open.extra ??= emptyExtra()), leftover.rest);
      for (const { key, value } of leftover.unknown) this.#note(open, key, value);
    }
    const extra = open.extra === null ? null : extraText(open.extra);
    // What is in `fields` comes from the table's own columns, by name and type.
    return { fields: open.fields as FieldsOf<T>, extra };
  }

  /** The column of a key that is spelled in a way of its own; undefined for none. */
  #bySpelling(key: string): ColumnValues | undefined {
    const column = this.#byKey.get(matchName(key));
    if (column !== undefined && this.#byKey.size < MAX_SPELLINGS) this.#byKey.set(key, column);
    return column;
  }

  #keep(open: OpenRecord, key: string, raw: unknown): void {
    (open.extra ??= emptyExtra())[key] = raw;
    this.#note(open, key, raw);
  }

  /** Says that something of the record is in `extra` only: each time where it is a finding, else once per key. */
  #note({ context, where }: OpenRecord, key: string, raw: unknown): void {
    if (!holdsFindings(raw)) {
      context.unknown.note(context.path, this.#table, key);
      return;
    }
    context.report({
      kind: 'record_unplaced',
      client_id: context.clientId,
      path: context.path,
      detail: `No table has a row for an object with a date, an opinion or pathology in ${where()}; it is kept in extra of ${this.#table}.`,
      found: key,
    });
  }

  #fill(open: OpenRecord, column: ColumnValues, key: string, raw: unknown): void {
    const { fields } = open;
    const { name } = column;
    const converted = column.convert(raw);
    if (fields[name] !== null) {
      // The field under a second spelling: the first stands, another value is kept beside it.
      if (!sameValue(fields[name]!, converted)) this.#keep(open, key, raw);
      return;
    }
    fields[name] = converted.cell;
    if (!converted.kept) (open.extra ??= emptyExtra())[key] = raw;
    if (converted.unfit || converted.problems.length > 0) this.#report(open, name, converted, key, raw);
  }

  /** What is wrong with a value. */
  #report(open: OpenRecord, name: string, { problems, unfit }: Converted, key: string, raw: unknown): void {
    const { context, where } = open;
    if (unfit && holdsFindings(raw)) this.#note(open, key, raw);
    else if (unfit) context.unknown.noteUnfit(context.path, this.#table, key);
    for (const problem of problems) {
      context.report(mismatch(problem, `${this.#table}.${name}`, context, where()));
    }
  }
}

function sameValue(first: Cell, second: Converted): boolean {
  return second.kept && JSON.stringify(first) === JSON.stringify(second.cell);
}

function mismatch(problem: ValueProblem, column: string, context: NbssContext, where: string) {
  const { kind, detail, expected = null, found } = problem;
  return {
    kind,
    client_id: context.clientId,
    path: context.path,
    detail: `${column} of ${where} ${detail}.`,
    expected,
    found,
  };
}
