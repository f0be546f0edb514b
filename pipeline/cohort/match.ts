import type { DuckDb } from '../engine/duckdb.js';
import { balanceOf, type Balance } from './balance.js';
import { insertRows } from './insert-rows.js';
import type { CohortSpec } from './spec.js';
import type { Unit } from './unit.js';

/**
 * Matching: for each case so many controls that are as it is in some columns, without replacement. A woman with a case is no
 * control, and a woman is a control once: else the same woman would be compared with herself, or counted twice.
 */

export interface MatchResult {
  readonly cases: number;
  readonly controls: number;
  /** How many cases found so many controls: index is the number of controls. */
  readonly cases_by_controls: readonly number[];
  /** How alike cases and controls are, of those that could be told. */
  readonly balance: readonly Balance[];
}

interface Candidate {
  readonly id: number;
  readonly client: string;
}

interface Pool {
  readonly cases: Candidate[];
  readonly controls: Candidate[];
}

/** The table `candidates`: rows of which it can be told whether they are cases, and what they are matched on. */
export function candidatesSql({ match }: CohortSpec, { key }: Unit, seed: number | null): string {
  const { cases, on } = match!;
  const keys = key.join(', ');
  // Which of equals is taken is chance, and the same chance each time.
  const chance = `sha256(concat_ws(' ', 'match', ${seed ?? 0}, ${keys}))`;
  return `CREATE TABLE candidates AS
SELECT *, row_number() OVER (ORDER BY stratum, chance, ${keys}) AS id, bool_or(is_case) OVER (PARTITION BY client_id) AS has_case
FROM (
  SELECT ${keys}, (\n${cases}\n) AS is_case, ${chance} AS chance, dense_rank() OVER (ORDER BY ${on.join(', ')}) AS stratum
  FROM labelled ANTI JOIN lost USING (${keys})
  WHERE (\n${cases}\n) IS NOT NULL AND ${on.map((name) => `${name} IS NOT NULL`).join(' AND ')}
)`;
}

/** The table `matched`: of each candidate whether it is chosen, and the number of the case that it belongs to. */
export function matchedSql({ key }: Unit): string {
  return `CREATE TABLE matched AS
SELECT ${key.map((name) => `candidates.${name}`).join(', ')}, is_case OR pairs.id IS NOT NULL AS is_chosen,
  CASE WHEN is_case THEN candidates.id ELSE case_id END AS match_set
FROM candidates LEFT JOIN pairs USING (id)`;
}

/** Makes `matched`; see candidatesSql. */
export async function matchControls(
  db: DuckDb,
  spec: CohortSpec,
  unit: Unit,
  seed: number | null,
): Promise<MatchResult> {
  await db.query(candidatesSql(spec, unit, seed));
  await db.query('CREATE TABLE pairs (id BIGINT, case_id BIGINT)');
  const found = new Array<number>(spec.match!.ratio + 1).fill(0);
  const used = new Set<string>();
  for await (const pool of poolsOf(db)) {
    const pairs = pairUp(pool, spec.match!.ratio, used);
    for (const controls of pairs.values()) found[controls.length]!++;
    const rows = [...pairs].flatMap(([id, controls]) => controls.map((control) => [control, id]));
    await insertRows(db, 'pairs', rows);
  }
  await db.query(matchedSql(unit));
  return {
    cases: found.reduce((sum, cases) => sum + cases, 0),
    controls: found.reduce((sum, cases, controls) => sum + cases * controls, 0),
    cases_by_controls: found,
    balance: await balanceOf(db, spec, unit),
  };
}

/** Candidates that are alike, one pool after the other. */
async function* poolsOf(db: DuckDb): AsyncGenerator<Pool> {
  let stratum: unknown = null;
  let pool: Pool = { cases: [], controls: [] };
  const sql = `SELECT id, stratum, client_id, is_case FROM candidates WHERE is_case OR NOT has_case ORDER BY stratum, id`;
  for await (const page of db.stream(sql)) {
    for (const row of page) {
      if (row['stratum'] !== stratum) {
        yield pool;
        stratum = row['stratum'];
        pool = { cases: [], controls: [] };
      }
      const candidate = { id: Number(row['id']), client: row['client_id'] as string };
      (row['is_case'] === true ? pool.cases : pool.controls).push(candidate);
    }
  }
  yield pool;
}

/**
 * Each case gets one control before any gets a second.
 * @param used women who are controls already; those who become some are added
 * @returns the controls of each case, by id
 */
export function pairUp({ cases, controls }: Pool, ratio: number, used: Set<string>): Map<number, number[]> {
  const pairs = new Map<number, number[]>(cases.map(({ id }) => [id, []]));
  let next = 0;
  for (let round = 0; round < ratio; round++) {
    for (const { id } of cases) {
      while (next < controls.length && used.has(controls[next]!.client)) next++;
      const control = controls[next];
      if (control === undefined) return pairs;
      used.add(control.client);
      pairs.get(id)!.push(control.id);
    }
  }
  return pairs;
}
