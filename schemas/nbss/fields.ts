import { readSchemaJson } from '../files.js';

/** What a field holds, as the NBSS specification (DS0026 v5.4) says. */
export type NbssKind = 'text' | 'code' | 'code_list' | 'number' | 'yes_no' | 'date' | 'time';

export interface NbssField {
  readonly name: string;
  /** Printed format, e.g. `C(66)` or `NUM(2)`; null where none is printed. */
  readonly format: string | null;
  readonly kind: NbssKind;
  /** Name of the code list; some lists are named but printed nowhere. */
  readonly codes: string | null;
  /** What stands between the codes of a `code_list`; null where the specification does not say. */
  readonly separator: string | null;
  /** True where the field is repeated for each side. */
  readonly side_repeating: boolean;
  readonly unit: string | null;
}

/** The fields of the NBSS specification: NBSS table -> fields, as printed. */
export const NBSS_FIELDS = readSchemaJson('nbss/fields.json') as Readonly<
  Record<string, readonly NbssField[]>
>;

/** Spellings that the JSON is known to use beside the printed name: printed name -> others. */
export const OTHER_SPELLINGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['InSituPresent', ['InsituPresent']],
  ['PossibleLymphNode', ['LymphNode']],
  ['CalcificationOnSpecimen', ['CalcificationsOnSpecimen']],
  ['AxillarySpecimenTypes', ['AxillarySpecimenType']],
  ['AxillaryNodesPresent', ['AxillaryNodesPositive']],
]);

/** A name as it is compared: `Date_Performed`, `dateperformed` and `DatePerformed` are one. */
export function matchName(name: string): string {
  return name.replace(/[_\s-]/g, '').toLowerCase();
}

const byTable = new Map(
  Object.entries(NBSS_FIELDS).map(([table, fields]) => [
    table,
    new Map(fields.map((field) => [matchName(field.name), field])),
  ]),
);

/** A field of an NBSS table by name, whatever its case and separators; undefined where there is none. */
export function nbssField(table: string, name: string): NbssField | undefined {
  return byTable.get(table)?.get(matchName(name));
}
