import type { Cell, Table } from '../../schemas/column.js';
import type { Report } from '../../schemas/mismatch-kinds.js';
import { nbssColumns, type NbssColumn } from '../../schemas/nbss/column.js';
import { matchName } from '../../schemas/nbss/fields.js';
import type { FieldsOf, TypedRecord } from '../../schemas/row.js';
import { emptyExtra, extraText, type Extra } from '../omi-db/extra.js';
import type { JsonObject } from '../omi-db/json.js';
import { isNoValue } from '../omi-db/raw-values.js';
import type { UnknownFields } from '../omi-db/unknown-fields.js';
import { holdsFindings } from './findings.js';
import type { Leftover } from './leftover.js';
import { convert, type Converted, type ValueProblem } from './values.js';

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
  readonly extra: Extra;
  readonly context: NbssContext;
  readonly where: () => string;
}

/** Converts the fields of source records to cells of one table; made once per table. */
export class RecordReader<T extends Table> {
  readonly #table: string;
  readonly #byKey = new Map<string, NbssColumn>();
  /** What records inherit: null for every field. Most of the 80 hold nothing; a copy of all in each costs memory. */
  readonly #noValues: Readonly<Record<string, Cell>>;

  /**
   * @param table   table that the records are read for
   * @param columns its NBSS columns, where others than the table's own are to be used
   * @throws Error when two columns answer to one key: a mistake in the schema
   */
  constructor(table: T, columns: readonly NbssColumn[] = nbssColumns(table)) {
    this.#table = table.name;
    this.#noValues = Object.fromEntries(columns.map(({ name }) => [name, null]));
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
   * The typed form of a record. `extra` gets the keys without a column, second spellings that differ, and raw values
   * that could not be converted. Never throws on data. Own keys of `fields` are the columns that have a value, the
   * others read as null.
   * @param record JSON object whose keys are fields
   */
  read(record: JsonObject, context: NbssContext, place: RecordPlace): TypedRecord<T> {
    const { where, handled, leftover } = place;
    const fields = Object.create(this.#noValues) as Record<string, Cell>;
    const open: OpenRecord = { fields, extra: emptyExtra(), context, where };
    for (const key of Object.keys(record)) {
      if (handled?.has(key) === true) continue;
      const raw = record[key];
      const column = this.#byKey.get(key) ?? this.#byKey.get(matchName(key));
      if (column === undefined) this.#keep(open, key, raw);
      else if (!isNoValue(raw)) this.#fill(open, column, key, raw);
    }
    if (leftover !== undefined) {
      Object.assign(open.extra, leftover.rest);
      for (const { key, value } of leftover.unknown) this.#note(open, key, value);
    }
    // What is in `fields` comes from the table's own columns, by name and type.
    return { fields: fields as FieldsOf<T>, extra: extraText(open.extra) };
  }

  #keep(open: OpenRecord, key: string, raw: unknown): void {
    open.extra[key] = raw;
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

  #fill(open: OpenRecord, column: NbssColumn, key: string, raw: unknown): void {
    const { fields, extra, context, where } = open;
    const converted = convert(column, raw);
    const known = fields[column.name] ?? null;
    if (known !== null) {
      // The field under a second spelling: the first stands, another value is kept beside it.
      if (!sameValue(known, converted)) this.#keep(open, key, raw);
      return;
    }
    fields[column.name] = converted.cell;
    if (!converted.kept) extra[key] = raw;
    if (converted.unfit === true && holdsFindings(raw)) this.#note(open, key, raw);
    else if (converted.unfit === true) context.unknown.noteUnfit(context.path, this.#table, key);
    for (const problem of converted.problems) {
      context.report(mismatch(problem, `${this.#table}.${column.name}`, context, where()));
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
