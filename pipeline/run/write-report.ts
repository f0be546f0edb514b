import { join } from 'node:path';
import type { DuckDb } from '../engine/duckdb.js';
import { earlierManifests } from '../report/earlier.js';
import type { Manifest } from '../snapshot/manifest.js';
import { writeFileUnsynced } from '../storage/new-file.js';
import { throwIfStopped } from './interrupted.js';
import type { RunUnderWay } from './under-way.js';

/**
 * Writes report.html into the snapshot that is about to be sealed. A page that cannot be made is no reason to withhold the
 * tables: then there is a warning, and no page.
 * @param db without views
 * @throws Interrupted
 */
export async function writeReport(
  db: DuckDb,
  { options, output, context }: RunUnderWay,
  manifest: Manifest,
): Promise<void> {
  const { log, signal } = context;
  if (!options.report) return;
  try {
    // Loaded here only: what draws takes as long to load as some runs take.
    const { makeReport, REPORT } = await import('../report/report.js');
    const page = await makeReport(db, {
      snapshot: output.building,
      manifest,
      earlier: earlierManifests(output.path, manifest.run_id),
      withIds: false,
      minCount: 1,
    });
    writeFileUnsynced(join(output.building, REPORT), Buffer.from(page));
  } catch (error) {
    throwIfStopped(signal);
    log.warn('report.html could not be made, and the snapshot has none: omidb-etl report says why');
    // What went wrong may quote a value of the database.
    log.debug(`report.html: ${(error as Error).stack ?? String(error)}`);
  }
}
