import { EnvironmentFault, VerificationError } from '../base/fault.js';
import type { DuckDb } from '../engine/duckdb.js';
import type { CheckedSpec } from './cohort-db.js';
import { COUNT_OF_UNIT, type Flow } from './flow.js';

/** @throws VerificationError where a row is there twice, as when a woman is in table splits twice */
export async function assertRowsAreSingle(db: DuckDb, { unit }: CheckedSpec): Promise<void> {
  const keys = unit.key.join(', ');
  const [row] = await db.rows(
    `SELECT count(*) AS n FROM (SELECT ${keys} FROM units GROUP BY ${keys} HAVING count(*) > 1)`,
  );
  const twice = Number(row!['n']);
  if (twice === 0) return;
  throw new VerificationError(
    `no cohort was written: ${twice} rows of unit ${unit.name} come more than once, since a woman is in table splits twice or the tables are not of one run: omidb-etl verify says which`,
  );
}

/** @throws EnvironmentFault where no row is left, with the step that took the last */
export function assertSomeLeft(flow: Flow): void {
  const unit = COUNT_OF_UNIT[flow.unit];
  if (flow.cohort[unit] > 0) return;
  const last = flow.steps.find(({ left }) => left[unit] === 0);
  throw new EnvironmentFault(
    flow.start[unit] === 0 || last === undefined
      ? `no cohort was written: the snapshot has no ${unit}`
      : `no cohort was written: step ${last.number}, ${JSON.stringify(last.name)}, leaves none of ${last.before[unit]} ${unit} (${last.unknown[unit]} of them unknown)`,
  );
}
