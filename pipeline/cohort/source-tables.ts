import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { EnvironmentFault } from '../base/fault.js';
import type { Manifest } from '../snapshot/manifest.js';
import { findSnapshot } from '../snapshot/published.js';
import { readManifest } from '../snapshot/read-manifest.js';
import { exists } from '../storage/names.js';
import { hashFile } from '../storage/read.js';
import type { CohortFile } from './cohort-file.js';

/** A snapshot as a cohort reads it. */
export interface SourceSnapshot {
  readonly folder: string;
  readonly runId: string;
  readonly manifest: Manifest;
}

/** @throws EnvironmentFault where manifest.json cannot be read: a cohort says what it was made from */
export function openSource(folder: string): SourceSnapshot {
  const manifest = readManifest(folder);
  if (manifest === null)
    throw new EnvironmentFault(
      `${join(folder, 'manifest.json')} cannot be read, and a cohort names what it was made from: omidb-etl verify says what is damaged`,
    );
  return { folder, runId: manifest.run_id, manifest };
}

/**
 * A hash of each table, by which a cohort knows it again. The files are read: what is damaged or changed is not used.
 * @throws EnvironmentFault for a table that is not there, or not as it was published
 */
export async function hashTables(
  source: SourceSnapshot,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const hashes: Record<string, string> = {};
  for (const name of [...names].sort()) hashes[name] = await hashTable(source, name);
  return hashes;
}

async function hashTable({ folder, manifest, runId }: SourceSnapshot, name: string): Promise<string> {
  const table = manifest.tables[name];
  if (table === undefined) throw missingTable(name, runId);
  const hash = createHash('sha256');
  for (const { path, sha256 } of table.files) {
    const file = join(folder, path);
    if (!exists(file) || (await hashFile(file)) !== sha256)
      throw new EnvironmentFault(
        `${file} is not as it was published, so no cohort is made of it: omidb-etl verify says more, and omidb-etl run makes a new snapshot`,
      );
    hash.update(`${sha256}  ${basename(path)}\n`);
  }
  return hash.digest('hex');
}

/** The sentence for a table that the snapshot has not. */
export function missingTable(name: string, runId: string): EnvironmentFault {
  const side = /^side_(.+)$/.exec(name)?.[1];
  return new EnvironmentFault(
    side === undefined
      ? `snapshot ${runId} has no table ${name}: it was made by an earlier version; run omidb-etl run DATABASE again`
      : `the cohort needs the table ${name}, which snapshot ${runId} has not: give omidb-etl run the file it is in, --side-table ${side}=FILE.csv`,
  );
}

/**
 * Refuses tables that are not those that a cohort was made from.
 * @throws EnvironmentFault
 */
export function assertSameTables(
  was: Readonly<Record<string, string>>,
  is: Readonly<Record<string, string>>,
  runId: string,
): void {
  const changed = Object.keys(is).find((name) => was[name] !== is[name]);
  if (changed === undefined) return;
  throw new EnvironmentFault(
    `table ${changed} of snapshot ${runId} is not the one that the cohort was made from: its tables changed, so the same cohort cannot be made; give the spec instead of cohort.json for a new one`,
  );
}

/**
 * The folder of the snapshot that a cohort was made from.
 * @param given another place to look for it; undefined: in `out`
 * @throws EnvironmentFault where it is gone
 */
export function snapshotOf({ name, snapshot }: CohortFile, out: string, given: string | undefined): string {
  if (given !== undefined) return findSnapshot(out, given);
  const folder = join(out, 'snapshots', snapshot.run_id);
  if (exists(join(folder, 'tables'))) return folder;
  throw new EnvironmentFault(
    `snapshot ${snapshot.run_id}, which cohort ${name} was made from, is not in ${out}, so the same cohort cannot be made: give its folder with --snapshot or --out, or the spec instead of cohort.json for a new one`,
  );
}
