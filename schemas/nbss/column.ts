import { column, type Column, type ColumnType, type FieldColumn } from '../column.js';
import { snakeCase, type SnakeCase } from '../snake-case.js';
import { UNPRINTED_LISTS } from './code-lists.js';
import { nbssField, OTHER_SPELLINGS, type NbssKind } from './fields.js';

/** A column of one field of the NBSS file: `field` is its name as printed, or as only the JSON has it. */
export interface NbssColumn<
  Name extends string = string,
  Type extends ColumnType = ColumnType,
> extends FieldColumn<Name, Type> {
  /** Other spellings of the name, beside case and separators. */
  readonly aliases: readonly string[];
  readonly kind: NbssKind;
  /** What stands between several values in one text; null: never split. */
  readonly separator: string | null;
  /** List whose labels are tried before those of `codes`, null for none. */
  readonly labels: string | null;
}

export interface FieldOptions<Type extends ColumnType> {
  /** Where it is not the usual one of the kind. */
  readonly type?: Type;
  readonly unit?: string;
  readonly freeText?: boolean;
  readonly codes?: string;
  readonly labels?: string;
}

interface JsonFieldOptions<Type extends ColumnType> extends FieldOptions<Type> {
  readonly separator?: string;
}

const TYPES = {
  text: 'string',
  code: 'string',
  code_list: 'list<string>',
  number: 'double',
  yes_no: 'bool',
  date: 'date',
  time: 'string',
} as const satisfies Record<NbssKind, ColumnType>;

/** The usual type of a column for a field of a kind. */
type TypeOf<Kind extends NbssKind> = (typeof TYPES)[Kind];

interface FieldFacts<Name extends string, Kind extends NbssKind> {
  readonly field: Name;
  readonly kind: Kind;
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

function nbssColumn<Name extends string, Kind extends NbssKind, Type extends ColumnType>(
  { field, kind, separator, source, ...facts }: FieldFacts<Name, Kind>,
  description: string,
  options: FieldOptions<Type>,
): NbssColumn<SnakeCase<Name>, Type> {
  const codes = codesOf(options.codes ?? facts.codes);
  const type = options.type ?? (TYPES[kind] as ColumnType as Type);
  const isUnsplit = type === 'list<string>' && codes !== null && separator === null;
  return {
    ...column(snakeCase(field), type, {
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
    aliases: OTHER_SPELLINGS.get(field) ?? [],
    labels: options.labels ?? null,
  };
}

// NoInfer: the type is that of the kind or the options, never what a list of columns would take.

/**
 * The column of a field of one or more NBSS tables: unit, code list and separator are those of the first table that has
 * the field. Name and kind are written out, so that the compiler knows the column.
 * @param name as printed
 * @param kind as the specification says; `code` also of a text for which options give a code list
 * @throws Error when no table has the field or it is of another kind: a mistake in the schema.
 */
export function field<
  const Name extends string,
  const Kind extends NbssKind,
  const Type extends ColumnType = TypeOf<Kind>,
>(
  tables: readonly string[],
  name: Name,
  kind: Kind,
  description: string,
  options: FieldOptions<Type> = {},
): NbssColumn<SnakeCase<Name>, NoInfer<Type>> {
  const found = tables.flatMap((table) => {
    const printed = nbssField(table, name);
    return printed?.name === name ? [{ table, printed }] : [];
  });
  const first = found[0]?.printed;
  if (first === undefined) throw new Error(`no NBSS table of ${tables.join(', ')} has a field ${name}`);
  const isCodedText = first.kind === 'text' && kind === 'code' && options.codes !== undefined;
  if (first.kind !== kind && !isCodedText) throw new Error(`field ${name} is ${first.kind}, not ${kind}`);
  const { codes, separator, unit } = first;
  const source = `nbss ${found.map(({ table }) => `${table}.${name}`).join(', ')}`;
  return nbssColumn({ field: name, kind, codes, separator, unit, source }, description, options);
}

/** `field` for the same tables again and again. */
export function fieldsOf(...tables: readonly string[]) {
  return <
    const Name extends string,
    const Kind extends NbssKind,
    const Type extends ColumnType = TypeOf<Kind>,
  >(
    name: Name,
    kind: Kind,
    description: string,
    options: FieldOptions<Type> = {},
  ): NbssColumn<SnakeCase<Name>, NoInfer<Type>> => field(tables, name, kind, description, options);
}

/** The column of a field that only the JSON has, at `place` in it, e.g. `<episode>.PatientAge`. */
export function jsonField<
  const Name extends string,
  const Kind extends NbssKind,
  const Type extends ColumnType = TypeOf<Kind>,
>(
  place: string,
  name: Name,
  kind: Kind,
  description: string,
  options: JsonFieldOptions<Type> = {},
): NbssColumn<SnakeCase<Name>, NoInfer<Type>> {
  const facts = { field: name, kind, codes: null, separator: options.separator ?? null, unit: null };
  return nbssColumn({ ...facts, source: `nbss ${place}.${name}` }, description, options);
}

/** The columns of a table that are converted from NBSS fields, in the table's order. */
export function nbssColumns(table: { readonly columns: readonly Column[] }): NbssColumn[] {
  return table.columns.filter((candidate): candidate is NbssColumn => 'kind' in candidate);
}
