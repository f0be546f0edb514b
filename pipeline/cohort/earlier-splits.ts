import { join } from 'node:path';
import { UsageFault } from '../base/fault.js';
import { parquetRows } from '../engine/sql.js';
import { withScratchDb } from '../engine/scratch-db.js';
import { exists } from '../storage/names.js';
import { readCohortFile } from './cohort-file.js';
import { shares, type CohortSpec } from './spec.js';

/** Women by the split that they have; client ids, in no order that means anything. */
export type EarlierSplits = Readonly<Record<string, readonly string[]>>;

/**
 * The splits of an earlier cohort: of the women in it, and of those whom it had kept from one before it.
 * @throws UsageFault where the folder holds no cohort, or splits that the spec has not
 */
export async function readEarlierSplits(folder: string, spec: CohortSpec): Promise<EarlierSplits> {
  const table = join(folder, 'cohort.parquet');
  if (!exists(table))
    throw new UsageFault(
      `--keep-splits ${folder} holds no cohort: give the folder that an earlier omidb-etl cohort wrote`,
    );
  const kept = readCohortFile(join(folder, 'cohort.json')).earlier_splits ?? {};
  const rows = await withScratchDb((db) =>
    db.rows(`SELECT DISTINCT client_id, split FROM ${parquetRows([table])} ORDER BY ALL`),
  );
  const splits = new Map<string, string>();
  for (const [split, clients] of Object.entries(kept))
    for (const client of clients) splits.set(client, split);
  for (const row of rows) splits.set(String(row['client_id']), String(row['split']));
  const known = shares(spec).map(({ split }) => split);
  const foreign = [...new Set(splits.values())].find((split) => !known.includes(split));
  if (foreign !== undefined)
    throw new UsageFault(
      `the cohort of ${folder} has a split ${foreign}, which cohort ${spec.name} has not: splits can be kept only where both have the same`,
    );
  return byName(splits, known);
}

function byName(splits: ReadonlyMap<string, string>, known: readonly string[]): EarlierSplits {
  const clients = [...splits.keys()].sort();
  return Object.fromEntries(
    known.map((split) => [split, clients.filter((client) => splits.get(client) === split)]),
  );
}
