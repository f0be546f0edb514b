import { sqlName } from '../engine/sql.js';
import type { CohortSpec } from './spec.js';
import type { Unit } from './unit.js';

/** Clients in natural order (optm2 before optm10), as in all tables. */
const BY_CLIENT = 'left(client_id, 4), length(client_id), client_id';

/** The order of rows with this key. */
export function rowOrder(key: readonly string[]): string {
  return [BY_CLIENT, ...key.slice(1)].join(', ');
}

/** `side_density.vas` -> `side_density_vas`: the name that a column of a spec has in the cohort. */
export function writtenName(column: string): string {
  return column.replace('.', '_');
}

/** Columns of a row that say where its files lie; of each image that it names, the file beside it. */
export function pathColumns({ slots }: Unit): string[] {
  return slots.length === 0 ? ['dicom_path', 'json_path'] : slots.flatMap((slot) => [slot, `${slot}_path`]);
}

/** The columns of a cohort, in order. */
export function cohortColumns(spec: CohortSpec, unit: Unit): string[] {
  const fixed = [...unit.key, ...pathColumns(unit), spec.label.name, 'split', 'split_group'];
  const more = (spec.columns ?? []).map(writtenName).filter((name) => !fixed.includes(name));
  return [...fixed, ...(spec.match === undefined ? [] : ['match_set']), ...more];
}

/** The table `cohort`: the rows that are left, with their split. */
export function cohortSql(spec: CohortSpec, unit: Unit): string {
  const keys = unit.key.join(', ');
  const chosen = unit.key.map((name) => `rest.${name}`).join(', ');
  const given = spec.columns ?? [];
  const fixed = cohortColumns({ ...spec, columns: [] }, unit);
  const more = given
    .filter((name) => !fixed.includes(writtenName(name)))
    .map((name) => `${name} AS ${sqlName(writtenName(name))}`);
  const columns = [
    chosen,
    ...pathColumns(unit).map((name) => sqlName(name)),
    sqlName(spec.label.name),
    'split',
    'split_group',
    ...(spec.match === undefined ? [] : ['match_set']),
    ...more,
  ];
  return `CREATE TABLE cohort AS
SELECT ${columns.join(',\n  ')}
FROM (SELECT * FROM labelled ANTI JOIN lost USING (${keys})) AS rest
  LEFT JOIN assigned USING (split_group)${
    unit.slots.length === 0 ? '' : `\n  LEFT JOIN (${slotPaths(unit)}) USING (${keys})`
  }${spec.match === undefined ? '' : `\n  LEFT JOIN matched USING (${keys})`}`;
}

/** The path of the image of each slot, a row for each row of the unit. */
function slotPaths({ key, slots, images }: Unit): string {
  const paths = slots.map((slot) => `max(dicom_path) FILTER (slot = '${slot}') AS ${slot}_path`);
  return `SELECT ${key.join(', ')}, ${paths.join(', ')}
    FROM (${images}) JOIN (SELECT client_id, study_instance_uid, sop_instance_uid, dicom_path FROM image_summary)
      USING (client_id, study_instance_uid, sop_instance_uid) GROUP BY ${key.join(', ')}`;
}
