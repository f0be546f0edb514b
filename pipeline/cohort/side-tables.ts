import { EnvironmentFault, UsageFault } from '../base/fault.js';
import { sqlName } from '../engine/sql.js';
import { readTables } from '../snapshot/published.js';
import type { SourceSnapshot } from './source-tables.js';
import type { Unit } from './unit.js';

/** What a row of a side table may be about. */
const IDS = ['client_id', 'study_instance_uid', 'sop_instance_uid'];

/**
 * SQL for the rows of a unit, with one more column for each side table that a spec names: the row of that table that is about
 * the same client, study or image, null where there is none. So columns of the same name do not meet.
 * @param rows SQL for the rows of the unit
 * @throws EnvironmentFault where several rows are about one thing, UsageFault where they are about what a unit has many of
 */
export function joinSides(
  { folder }: SourceSnapshot,
  unit: Unit,
  rows: string,
  sides: readonly string[],
): string {
  let sql = `SELECT * FROM (\n${rows}\n) AS ${unit.name}`;
  if (sides.length === 0) return sql;
  const described = new Map(readTables(folder).map(({ name, key }) => [name, key]));
  for (const side of sides) {
    const ids = idsOf(side, described.get(side) ?? [], unit).join(', ');
    const name = sqlName(side);
    sql += `\nLEFT JOIN (SELECT ${ids}, ${name} AS ${name} FROM ${name}) USING (${ids})`;
  }
  return sql;
}

function idsOf(side: string, key: readonly string[], unit: Unit): string[] {
  const ids = key.filter((name) => IDS.includes(name));
  if (ids.length === 0 || ids.length !== key.length)
    throw new EnvironmentFault(
      `${side} has several rows for one ${ids.join(', ')}, and which of them counts nobody can tell: bring its file down to one row each, and run again`,
    );
  const many = ids.find((id) => !unit.key.includes(id));
  if (many !== undefined)
    throw new UsageFault(
      `${side} has a row for each ${many}, and a row of unit ${unit.name} has many of them`,
    );
  return ids;
}
