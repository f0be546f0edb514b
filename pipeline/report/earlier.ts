import { join } from 'node:path';
import type { Manifest } from '../snapshot/manifest.js';
import { listRunIds } from '../snapshot/published.js';
import { readManifest } from '../snapshot/read-manifest.js';

/** Earlier snapshots that a report looks back on, at most: to read hundreds of manifests would take longer than the report. */
const MOST_EARLIER = 30;

/** Manifests of the snapshots of an output that are older than a run, oldest first; those that cannot be read are left out. */
export function earlierManifests(out: string, runId: string): Manifest[] {
  const ids = listRunIds(out).filter((id) => id < runId);
  return ids.slice(-MOST_EARLIER).flatMap((id) => readManifest(join(out, 'snapshots', id)) ?? []);
}
