import { join, resolve } from 'node:path';
import { EnvironmentFault } from '../base/fault.js';
import { duration } from '../run/progress.js';
import type { Manifest } from '../snapshot/manifest.js';
import { copiedRunId, currentFolder, listRunIds } from '../snapshot/published.js';
import { readManifest } from '../snapshot/read-manifest.js';
import { realPath } from '../storage/names.js';
import { EXIT } from './exit.js';
import type { RunsArguments } from './history-options.js';
import { count, plainTable } from './plain-table.js';
import { print } from './print.js';

/** A snapshot as the command lists it; all but id and `current` are null where manifest.json cannot be read. */
interface ListedRun {
  readonly run_id: string;
  readonly current: boolean;
  readonly started: string | null;
  readonly seconds: number | null;
  readonly clients: number | null;
  readonly images: number | null;
  /** Of all tables together. */
  readonly rows: number | null;
  readonly mismatches: Manifest['mismatches']['by_severity'] | null;
  /** Mismatches that are new, and resolved, since the snapshot `since`. */
  readonly since: string | null;
  readonly new: number | null;
  readonly resolved: number | null;
}

/** `omidb-etl runs`: the snapshots of an output folder, oldest first. @returns the exit code */
export async function runsCommand({ out, format }: RunsArguments): Promise<number> {
  const folder = resolve(out);
  const current = currentFolder(folder);
  const copy = copiedRunId(folder);
  const runs = listRunIds(folder).map((id) => listedRun(folder, id, current, copy));
  if (runs.length === 0)
    throw new EnvironmentFault(
      `${folder} holds no snapshots: run omidb-etl run DATABASE first, or give --out`,
    );
  await print(format === 'json' ? runs.map((run) => `${JSON.stringify(run)}\n`).join('') : asTable(runs));
  return EXIT.published;
}

const UNREADABLE = {
  started: null,
  seconds: null,
  clients: null,
  images: null,
  rows: null,
  mismatches: null,
  since: null,
  new: null,
  resolved: null,
};

function listedRun(out: string, id: string, current: string | null, copy: string | null): ListedRun {
  const folder = join(out, 'snapshots', id);
  const manifest = readManifest(folder);
  const place = { run_id: id, current: realPath(folder) === current || id === copy };
  if (manifest === null) return { ...place, ...UNREADABLE };
  const { started, seconds, inputs, mismatches } = manifest;
  return {
    ...place,
    started,
    seconds,
    clients: inputs.clients,
    images: inputs.images,
    rows: sumRows(manifest),
    mismatches: mismatches.by_severity,
    since: mismatches.since,
    new: mismatches.new,
    resolved: mismatches.resolved,
  };
}

function sumRows({ tables }: Manifest): number {
  return Object.values(tables).reduce((sum, { rows }) => sum + rows, 0);
}

const SEVERITIES = ['error', 'warning', 'info'] as const;
/** The id says when a run began. */
const LEAVE_OUT = ['rows', 'info', 'resolved', 'images', 'took', 'new', 'clients', 'started (UTC)'];
const NUMBERS = ['took', 'clients', 'images', 'rows', ...SEVERITIES, 'new', 'resolved'];

function asTable(runs: readonly ListedRun[]): string {
  const rows = runs.map((run) => [
    run.current ? `${run.run_id} *` : run.run_id,
    run.started?.slice(0, 16).replace('T', ' ') ?? 'manifest.json cannot be read',
    run.seconds === null ? '' : duration(Math.round(run.seconds)),
    ...[run.clients, run.images, run.rows].map(cell),
    ...SEVERITIES.map((severity) => cell(run.mismatches?.[severity])),
    // Of the first run all would be new.
    ...[run.new, run.resolved].map((number) => (run.since === null ? '' : cell(number))),
  ]);
  const table = plainTable(['run', 'started (UTC)', ...NUMBERS], rows, NUMBERS, { leaveOut: LEAVE_OUT });
  const legend = runs.some(({ current }) => current) ? '* current' : 'current is none of these';
  return `${table}\n\n${legend}\n`;
}

function cell(number: number | null | undefined): string {
  return number === null || number === undefined ? '' : count(number);
}
