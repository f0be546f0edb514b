import { join } from 'node:path';
import type { Manifest } from '../snapshot/manifest.js';
import { copiedRunId, currentFolder, listRunIds } from '../snapshot/published.js';
import { readManifest } from '../snapshot/read-manifest.js';
import { readRecords, type RunRecord, type RunStatus } from '../snapshot/run-record.js';
import { realPath } from '../storage/names.js';

/** A run as `omidb-etl runs` lists it: from its record, from its snapshot, or from both. */
export interface ListedRun {
  /** Null of a run that ended before it had one. */
  readonly run_id: string | null;
  /** Of a snapshot without a record, which an earlier version made, `published`. */
  readonly status: RunStatus;
  readonly exit_code: number | null;
  /** True of the run whose snapshot is current. */
  readonly current: boolean;
  readonly started: string | null;
  readonly seconds: number | null;
  readonly clients: number | null;
  readonly images: number | null;
  /** Of all tables together; null of a snapshot that is not there, or whose manifest.json cannot be read. */
  readonly rows: number | null;
  readonly mismatches: Manifest['mismatches']['by_severity'] | null;
  /** Mismatches that are new, and resolved, since the snapshot `since`. */
  readonly since: string | null;
  readonly new: number | null;
  readonly resolved: number | null;
  /** Why nothing was published, as a sentence. */
  readonly failure: string | null;
}

/**
 * The runs of an output folder since the oldest snapshot that is kept, oldest first: those that published nothing too.
 */
export function listRuns(out: string): ListedRun[] {
  const ids = listRunIds(out);
  const records = readRecords(out);
  const known = new Set(records.filter(({ status }) => status !== 'used').map(({ run_id: id }) => id));
  const ofSnapshots = new Map(ids.map((id) => [id, fromSnapshot(out, id)]));
  const recorded = records
    .map((record) => fromRecord(out, record, ofSnapshots))
    .filter((run) => ids.length === 0 || orderOf(run) >= ids[0]!);
  const others = ids.filter((id) => !known.has(id)).map((id) => ofSnapshots.get(id)!);
  const order = (a: ListedRun, b: ListedRun) => (orderOf(a) < orderOf(b) ? -1 : 1);
  return markCurrent(out, [...recorded, ...others].sort(order));
}

/** Run ids sort by time; a run without one, and `use`, by when it began. */
function orderOf({ run_id: id, status, started }: ListedRun): string {
  return status !== 'used' && id !== null ? id : (started ?? '').replace(/[-:]/g, '');
}

/** @param snapshots what is known of those that are there, by run id */
function fromRecord(out: string, record: RunRecord, snapshots: ReadonlyMap<string, ListedRun>): ListedRun {
  const { run_id, status, exit_code, started, seconds, failure } = record;
  const made = run_id === null || status === 'used' ? undefined : snapshots.get(run_id);
  const place = { run_id, status, exit_code, current: false, failure };
  // A manifest that cannot be read any more is not hidden by what the record says.
  if (made !== undefined) return { ...made, ...place };
  const manifest = status === 'refused' ? readManifest(join(out, record.snapshot ?? '')) : null;
  return {
    ...place,
    started,
    seconds,
    clients: record.counts?.clients ?? null,
    images: record.counts?.images ?? null,
    rows: manifest === null ? null : sumRows(manifest),
    ...historyOf(record.mismatches),
  };
}

function fromSnapshot(out: string, id: string): ListedRun {
  const place = { run_id: id, status: 'published', exit_code: null, current: false, failure: null } as const;
  const manifest = readManifest(join(out, 'snapshots', id));
  if (manifest === null) return { ...place, ...UNREADABLE, ...historyOf(null) };
  const { started, seconds, inputs, mismatches } = manifest;
  const { clients, images } = inputs;
  return { ...place, started, seconds, clients, images, rows: sumRows(manifest), ...historyOf(mismatches) };
}

const UNREADABLE = { started: null, seconds: null, clients: null, images: null, rows: null };

function historyOf(mismatches: RunRecord['mismatches']) {
  if (mismatches === null) return { mismatches, since: null, new: null, resolved: null };
  const { by_severity: bySeverity, since, new: fresh, resolved } = mismatches;
  return { mismatches: bySeverity, since, new: fresh, resolved };
}

function sumRows({ tables }: Manifest): number {
  return Object.values(tables).reduce((sum, { rows }) => sum + rows, 0);
}

/** Marks the run that made the current snapshot; of a refused one that was put in use, the refused run. */
function markCurrent(out: string, runs: readonly ListedRun[]): ListedRun[] {
  const current = currentFolder(out);
  const copy = copiedRunId(out);
  const isCurrent = (id: string | null) =>
    id !== null &&
    (id === copy || (listRunIds(out).includes(id) && realPath(join(out, 'snapshots', id)) === current));
  return runs.map((run) => ({ ...run, current: run.status !== 'used' && isCurrent(run.run_id) }));
}
