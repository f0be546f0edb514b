import { sqlText } from '../engine/sql.js';
import { holdOuts, shares, type CohortSpec } from './spec.js';
import type { Unit } from './unit.js';

/**
 * Splits are of groups of women who must stay together (table `splits`): the number of a group, from 0 up to 1, says which
 * share it falls into. The number follows from the group alone, so nobody moves when women are added, and two cohorts of
 * one seed never have a woman in training here and in test there.
 */

/** SQL for the number of a group. @param seed null: the `split_point` of the snapshot itself */
export function pointSql(seed: number | null): string {
  if (seed === null) return 'split_point';
  return `('0x' || substr(sha256('${seed} ' || split_group), 1, 13))::BIGINT / pow(16, 13)`;
}

/** SQL for the split of a number. */
export function shareSql(spec: CohortSpec, point: string): string {
  const given = shares(spec);
  let sum = 0;
  const cases = given.slice(0, -1).map(({ split, share }) => {
    sum += share;
    return `WHEN ${point} < ${round(sum)} THEN ${sqlText(split)}`;
  });
  const last = sqlText(given.at(-1)!.split);
  return cases.length === 0 ? last : `CASE ${cases.join(' ')} ELSE ${last} END`;
}

/** 0.7 + 0.15 is 0.85 for those who wrote it. */
function round(sum: number): number {
  return Number(sum.toFixed(12));
}

/** The table `held`: groups of which any row that is left is held out, and where: what the spec names first counts. */
export function heldSql(spec: CohortSpec, { key }: Unit): string {
  const cases = holdOuts(spec).map(({ split, sql }) => `WHEN (\n${sql}\n) THEN ${splitNumber(spec, split)}`);
  if (cases.length === 0)
    return 'CREATE TABLE held AS SELECT split_group, 0 AS place, 0 AS places FROM units LIMIT 0';
  return `CREATE TABLE held AS
SELECT split_group, min(place) AS place, count(DISTINCT place) AS places
FROM (SELECT split_group, CASE ${cases.join(' ')} END AS place FROM units ANTI JOIN lost USING (${key.join(', ')}))
WHERE place IS NOT NULL GROUP BY split_group`;
}

/** Hold-outs count in the order of the spec. */
function splitNumber(spec: CohortSpec, split: string): number {
  return holdOuts(spec).findIndex((holdOut) => holdOut.split === split);
}

/** SQL for the name of the split that `held.place` stands for. */
function heldSplit(spec: CohortSpec): string {
  const names = holdOuts(spec).map(({ split }) => sqlText(split));
  return names.length === 0 ? 'NULL' : `[${names.join(', ')}][held.place + 1]`;
}

/** The table `assigned`: the split of each group that has a row left, by hold-outs, then by number. */
export function assignedSql(spec: CohortSpec, { key }: Unit, seed: number | null): string {
  return `CREATE TABLE assigned AS
SELECT split_group, coalesce(${heldSplit(spec)}, ${shareSql(spec, 'point')}) AS split, held.place IS NOT NULL AS is_held
FROM (
  SELECT DISTINCT split_group, ${pointSql(seed)} AS point FROM units ANTI JOIN lost USING (${key.join(', ')})
) LEFT JOIN held USING (split_group)`;
}

/**
 * The table `earlier_groups`: of groups with women who were given a split before, that split, and whether it can be kept. It
 * cannot where the group has grown together from two splits, or is held out for another one now.
 */
export function earlierGroupsSql(spec: CohortSpec): string {
  return `CREATE TABLE earlier_groups AS
SELECT split_group, min(earlier.split) AS split,
  count(DISTINCT earlier.split) = 1 AND coalesce(min(earlier.split) = any_value(${heldSplit(spec)}), true) AS can_be_kept
FROM earlier JOIN splits USING (client_id) LEFT JOIN held USING (split_group)
GROUP BY split_group`;
}

/**
 * What new groups are shared out by, when others keep their splits: a row for each group that has a row left, with the split
 * that is fixed, if one is, in the order in which new ones are taken. Its label is the greatest of its rows, its maker the
 * most frequent.
 */
export function strataSql(spec: CohortSpec, { key }: Unit, seed: number | null): string {
  return `SELECT split_group, any_value(coalesce(earlier_groups.split, ${heldSplit(spec)})) AS fixed,
  concat_ws(' ', max("${spec.label.name}")::VARCHAR, coalesce(mode(manufacturer_name ORDER BY manufacturer_name), '?')) AS stratum
FROM labelled ANTI JOIN lost USING (${key.join(', ')})
  LEFT JOIN earlier_groups USING (split_group) LEFT JOIN held USING (split_group)
GROUP BY split_group
ORDER BY stratum, any_value(${pointSql(seed)}), split_group`;
}
