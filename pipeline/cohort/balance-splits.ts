import type { DuckDb } from '../engine/duckdb.js';
import { insertRows } from './insert-rows.js';
import { strataSql } from './split.js';
import { shares, type CohortSpec, type Share } from './spec.js';
import type { Unit } from './unit.js';

/** A group of women in a stratum; `fixed` is the split that it has already. */
interface Member {
  readonly group: string;
  readonly fixed: string | null;
}

/**
 * Fills the table `assigned` where women keep the splits that they were given earlier: groups that are new are shared out so
 * that in each stratum of label and maker the splits come as near to their shares as may be.
 */
export async function assignNewOnes(
  db: DuckDb,
  spec: CohortSpec,
  unit: Unit,
  seed: number | null,
): Promise<void> {
  await db.query('CREATE TABLE assigned (split_group VARCHAR, split VARCHAR)');
  const given = shares(spec);
  let stratum: string | null = null;
  let members: Member[] = [];
  const finish = () => insertRows(db, 'assigned', assignmentsOf(members, given));
  for await (const page of db.stream(strataSql(spec, unit, seed))) {
    for (const row of page) {
      if (row['stratum'] !== stratum) {
        await finish();
        stratum = row['stratum'] as string;
        members = [];
      }
      members.push({ group: row['split_group'] as string, fixed: row['fixed'] as string | null });
    }
  }
  await finish();
}

/**
 * Each new group goes where most is missing, in the order in which they come.
 * @returns group and split of each member
 */
export function assignmentsOf(members: readonly Member[], given: readonly Share[]): [string, string][] {
  const counts = new Map(given.map(({ split }) => [split, 0]));
  const count = (split: string) => counts.set(split, (counts.get(split) ?? 0) + 1);
  for (const { fixed } of members) if (fixed !== null) count(fixed);
  let total = members.filter(({ fixed }) => fixed !== null).length;
  return members.map(({ group, fixed }) => {
    if (fixed !== null) return [group, fixed];
    total++;
    const split = mostMissing(given, counts, total);
    count(split);
    return [group, split];
  });
}

function mostMissing(given: readonly Share[], counts: ReadonlyMap<string, number>, total: number): string {
  let most = given[0]!;
  const missing = ({ split, share }: Share) => share * total - counts.get(split)!;
  for (const share of given) if (missing(share) > missing(most) + 1e-9) most = share;
  return most.split;
}
