import { UsageFault } from '../base/fault.js';
import type { DuckDb } from '../engine/duckdb.js';
import { assignNewOnes } from './balance-splits.js';
import { firstLine } from './check-columns.js';
import type { CheckedSpec } from './cohort-db.js';
import { cohortSql } from './cohort-table.js';
import type { EarlierSplits } from './earlier-splits.js';
import { insertRows } from './insert-rows.js';
import { linesOf, loseSql, lostTable, type FlowLine } from './lines.js';
import { matchControls, type MatchResult } from './match.js';
import { assignedSql, earlierGroupsSql, heldSql } from './split.js';

/** What decides beside the spec. */
export interface Choice {
  /** Of splits and matching; null: splits by the number that the snapshot itself gives. */
  readonly seed: number | null;
  /** Splits that women were given earlier, and keep; null: they follow from their numbers alone. */
  readonly earlier: EarlierSplits | null;
}

/** What came of it, beside the tables `lost` and `cohort`. */
export interface Chosen {
  readonly lines: readonly FlowLine[];
  readonly match: MatchResult | null;
}

/**
 * Goes through the lines of the flow, one after the other, and makes the tables `lost` and `cohort`.
 * @throws UsageFault for SQL that fails on a row, naming its step
 */
export async function chooseRows(db: DuckDb, checked: CheckedSpec, choice: Choice): Promise<Chosen> {
  const { spec, unit } = checked;
  const { seed, earlier } = choice;
  const lines = linesOf(spec, unit, earlier !== null);
  let match: MatchResult | null = null;
  await db.query(lostTable(unit));
  const ofSplits = lines.filter(({ kind }) => kind === 'earlier_split' || kind === 'match');
  for (const line of lines.filter((line) => !ofSplits.includes(line))) await lose(db, checked, line);
  await db.query(heldSql(spec, unit));
  for (const line of ofSplits) {
    if (line.kind === 'match') match = await named(line, () => matchControls(db, spec, unit, seed));
    else await loadEarlier(db, checked, earlier!);
    await lose(db, checked, line);
  }
  if (earlier === null) await db.query(assignedSql(spec, unit, seed));
  else await assignNewOnes(db, spec, unit, seed);
  await db.query(cohortSql(spec, unit));
  return { lines, match };
}

async function lose(db: DuckDb, { unit }: CheckedSpec, line: FlowLine): Promise<void> {
  await named(line, () => db.query(loseSql(line, unit)));
}

/** What fails for the values of a row is told with the line whose SQL it is. */
async function named<T>({ number, name }: FlowLine, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new UsageFault(`step ${number}, ${JSON.stringify(name)}: ${firstLine(error)}`);
  }
}

async function loadEarlier(db: DuckDb, { spec }: CheckedSpec, earlier: EarlierSplits): Promise<void> {
  await db.query('CREATE TABLE earlier (client_id VARCHAR, split VARCHAR)');
  for (const [split, clients] of Object.entries(earlier))
    await insertRows(db, 'earlier', clients.map((client) => [client, split])); // prettier-ignore
  await db.query(earlierGroupsSql(spec));
}
