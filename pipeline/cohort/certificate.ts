import { VerificationError } from '../base/fault.js';
import type { DuckDb } from '../engine/duckdb.js';
import { sqlName } from '../engine/sql.js';
import type { CohortFile } from './cohort-file.js';
import type { ExportReport } from './export/export.js';
import type { MatchResult } from './match.js';

/** What must not be in more than one split, with how many were found there: none. */
export interface Leaks {
  readonly women: number;
  readonly split_groups: number;
  readonly studies: number;
  readonly images: number;
}

/** How a split came out. */
export interface SplitBalance {
  readonly split: string;
  readonly label: string;
  readonly rows: number;
  readonly women: number;
  /** Of the rows of the split. */
  readonly share: number;
}

/** All images of the studies, those that no row names among them. */
const IMAGES_OF_STUDIES =
  '(SELECT split, sop_instance_uid FROM (SELECT DISTINCT split, client_id, study_instance_uid FROM cohort) JOIN image_summary USING (client_id, study_instance_uid))';

/** How many of a thing have rows in two splits of the table `cohort`. UIDs count whoever's they are. */
function leaksSql(thing: string, from = 'cohort'): string {
  return `SELECT count(*) AS n FROM (SELECT ${thing} FROM ${from} GROUP BY ${thing} HAVING count(DISTINCT split) > 1)`;
}

/**
 * Counts what is in more than one split.
 * @throws VerificationError where anything is, or a row has no split: such a cohort must not be used
 */
export async function assertNoLeaks(db: DuckDb): Promise<Leaks> {
  const count = async (sql: string) => Number((await db.rows(sql))[0]!['n']);
  const leaks: Leaks = {
    women: await count(leaksSql('client_id')),
    split_groups: await count(leaksSql('split_group')),
    studies: await count(leaksSql('study_instance_uid')),
    images: await count(leaksSql('sop_instance_uid', IMAGES_OF_STUDIES)),
  };
  const without = await count('SELECT count(*) AS n FROM cohort WHERE split IS NULL OR split_group IS NULL');
  const found = Object.entries(leaks).filter(([, number]) => number > 0);
  if (without > 0) throw leak(`${without} rows have no split, for table splits does not have their women`);
  if (found.length === 0) return leaks;
  throw leak(
    `in more than one split: ${found.map(([what, number]) => `${number} ${number === 1 ? SINGULAR[what as keyof Leaks] : what.replace('_', ' ')}`).join(', ')}`,
  );
}

const SINGULAR: Readonly<Record<keyof Leaks, string>> = {
  women: 'woman',
  split_groups: 'split group',
  studies: 'study',
  images: 'image',
};

function leak(what: string): VerificationError {
  return new VerificationError(
    `no cohort was written: ${what}; table splits of the snapshot keeps such women together, so it is not of these tables: omidb-etl verify, then omidb-etl run`,
  );
}

/** Rows and women of each split by label, in the order of the splits. */
export async function splitBalance(
  db: DuckDb,
  label: string,
  splits: readonly string[],
): Promise<SplitBalance[]> {
  const rows = await db.rows(`SELECT split, ${sqlName(label)}::VARCHAR AS label, count(*) AS n,
  count(DISTINCT client_id) AS women, sum(count(*)) OVER (PARTITION BY split)::BIGINT AS of
FROM cohort GROUP BY split, ${sqlName(label)} ORDER BY ${sqlName(label)}`);
  const balances = rows.map((row) => ({
    split: String(row['split']),
    label: String(row['label']),
    rows: Number(row['n']),
    women: Number(row['women']),
    share: Number((Number(row['n']) / Number(row['of'])).toFixed(6)),
  }));
  return splits.flatMap((split) => balances.filter((balance) => balance.split === split));
}

/** The content of certificate.json. @param duckdb its version, which has to do with what SQL means */
export function certificate(
  { name, snapshot, spec_sha256, seed, software }: CohortFile,
  inMoreThanOneSplit: Leaks,
  balance: readonly SplitBalance[],
  match: MatchResult | null,
  exports: readonly ExportReport[],
  duckdb: string,
): object {
  return {
    cohort: name,
    snapshot: snapshot.run_id,
    tables: snapshot.tables,
    spec_sha256,
    seed,
    software: { ...software, duckdb },
    in_more_than_one_split: inMoreThanOneSplit,
    balance,
    match,
    exports,
  };
}
