import type { Column, ColumnType, Table } from '../../schemas/column.js';
import { clientId, seriesInstanceUid, sopInstanceUid, studyInstanceUid } from '../../schemas/tables/keys.js';
import type { CroissantField, CroissantRecordSet, CroissantType } from './dataset.js';

/** Tables of `schemas/` as record sets of Croissant. */

const DATA_TYPES: Readonly<Record<string, CroissantType['dataType']>> = {
  string: 'sc:Text',
  json: 'sc:Text',
  bool: 'sc:Boolean',
  int: 'sc:Integer',
  long: 'sc:Integer',
  double: 'sc:Float',
  date: 'sc:Date',
};

/** The type of a column; `list<…>` is repeated. */
export function typeOfColumn(type: ColumnType): CroissantType {
  const item = /^list<(.+)>$/.exec(type)?.[1];
  return { dataType: DATA_TYPES[item ?? type]!, repeated: item !== undefined };
}

/**
 * A record set of each table.
 * @param source the file set, or file, of a table
 */
export function recordSetsOf(
  tables: readonly Table[],
  source: (table: string) => CroissantRecordSet['source'],
): CroissantRecordSet[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  return tables.map((table) => ({
    name: table.name,
    description: table.description,
    source: source(table.name),
    key: table.key,
    fields: table.columns.map((column) => fieldOf(column, table, byName)),
  }));
}

function fieldOf(column: Column, table: Table, byName: ReadonlyMap<string, Table>): CroissantField {
  const { name, description, unit, type } = column;
  const target = targetOf(name, table, byName);
  return {
    name,
    description: unit === null ? description : `${description} Unit: ${unit}.`,
    type: typeOfColumn(type),
    ...(target === null ? {} : { references: { recordSet: target, field: name } }),
  };
}

/** Columns that name a row by themselves, though the key has others before them. */
const ALONE: ReadonlySet<string> = new Set(
  [clientId, studyInstanceUid, seriesInstanceUid, sopInstanceUid].map(({ name }) => name),
);

/**
 * The table above, near or far, whose rows a column tells apart: that of women for client_id, that of studies for
 * study_instance_uid. A reference of Croissant is of one field, and tools join by it: the number of a lesion, which many
 * have, refers to nothing. Null where there is none.
 */
function targetOf(column: string, table: Table, byName: ReadonlyMap<string, Table>): string | null {
  if (!ALONE.has(column)) return null;
  for (const { table: name, columns } of table.parents) {
    const parent = byName.get(name);
    if (parent === undefined || !columns.includes(column)) continue;
    return parent.key.at(-1) === column ? name : targetOf(column, parent, byName);
  }
  return null;
}
