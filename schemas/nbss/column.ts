import { column, snakeCase, type Column, type ColumnType } from '../column.js';
import { UNPRINTED_LISTS } from './code-lists.js';
import { nbssField, OTHER_SPELLINGS, type NbssKind } from './fields.js';

/** A column whose value is converted from one field of the NBSS file. */
export interface NbssColumn extends Column {
  /** Name of the field as NBSS prints it (or as the JSON spells it, where NBSS has no such field). */
  readonly field: string;
  /** Other spellings of the name, beside case and separators. */
  readonly aliases: readonly string[];
  readonly kind: NbssKind;
  /** What stands between several values in one text; null: never split. */
  readonly separator: string | null;
  /** List whose labels are tried before those of `codes`, null for none. */
  readonly labels: string | null;
}

interface FieldOptions {
  readonly type?: ColumnType;
  readonly unit?: string;
  readonly freeText?: boolean;
  readonly aliases?: readonly string[];
  readonly name?: string;
  readonly codes?: string;
  readonly labels?: string;
}

interface JsonFieldOptions extends FieldOptions {
  readonly separator?: string;
}

const TYPES: Readonly<Record<NbssKind, ColumnType>> = {
  text: 'string',
  code: 'string',
  code_list: 'list<string>',
  number: 'double',
  yes_no: 'bool',
  date: 'date',
  time: 'string',
};

interface FieldFacts {
  readonly field: string;
  readonly kind: NbssKind;
  readonly codes: string | null;
  readonly separator: string | null;
  readonly unit: string | null;
  readonly source: string;
}

const UNSPLIT =
  'NBSS does not say what stands between its codes: a text of several is neither split nor judged.';

/** A list that is printed nowhere has no codes to hold a value to. */
function codesOf(list: string | null): string | null {
  return list === null || UNPRINTED_LISTS.has(list) ? null : list;
}

function nbssColumn(facts: FieldFacts, description: string, options: FieldOptions): NbssColumn {
  const { field, separator, source } = facts;
  const codes = codesOf(options.codes ?? facts.codes);
  const kind = options.codes !== undefined && facts.kind === 'text' ? 'code' : facts.kind;
  const type = options.type ?? TYPES[kind];
  const isUnsplit = type === 'list<string>' && codes !== null && separator === null;
  return {
    ...column(options.name ?? snakeCase(field), type, {
      description,
      source,
      unit: options.unit ?? facts.unit,
      codes,
      otherText: isUnsplit ? UNSPLIT : null,
      freeText: options.freeText ?? false,
    }),
    field,
    kind,
    separator,
    aliases: [...(OTHER_SPELLINGS.get(field) ?? []), ...(options.aliases ?? [])],
    labels: options.labels ?? null,
  };
}

/**
 * The column of a field of one or more NBSS tables: name, type, unit, code list and separator are those of the
 * first table that has the field.
 * @throws Error when none has it: a mistake in the schema.
 */
export function field(
  tables: string | readonly string[],
  name: string,
  description: string,
  options: FieldOptions = {},
): NbssColumn {
  const having = [tables].flat().filter((table) => nbssField(table, name) !== undefined);
  const found = having[0] === undefined ? undefined : nbssField(having[0], name);
  if (found === undefined) throw new Error(`no NBSS table of ${String(tables)} has a field ${name}`);
  const { kind, codes, separator, unit } = found;
  const source = `nbss ${having.map((table) => `${table}.${found.name}`).join(', ')}`;
  return nbssColumn({ field: found.name, kind, codes, separator, unit, source }, description, options);
}

/** The column of a field that only the JSON has, at `place` in it, e.g. `<episode>.PatientAge`. */
export function jsonField(
  place: string,
  name: string,
  kind: NbssKind,
  description: string,
  options: JsonFieldOptions = {},
): NbssColumn {
  const facts = { field: name, kind, codes: null, separator: options.separator ?? null, unit: null };
  return nbssColumn({ ...facts, source: `nbss ${place}.${name}` }, description, options);
}

/** The columns of a table that are converted from NBSS fields, in the table's order. */
export function nbssColumns(table: { readonly columns: readonly Column[] }): NbssColumn[] {
  return table.columns.filter((candidate): candidate is NbssColumn => 'field' in candidate);
}
