import { resolve } from 'node:path';
import { EnvironmentFault } from '../base/fault.js';
import { EXIT } from '../run/exit.js';
import { duration } from '../run/progress.js';
import type { RunsArguments } from './history-options.js';
import { listRuns, type ListedRun } from './listed-runs.js';
import { count, plainTable, wrapForScreen } from './plain-table.js';
import { print } from './print.js';

/** `omidb-etl runs`: the runs of an output folder, oldest first. @returns the exit code */
export async function runsCommand({ out, format }: RunsArguments): Promise<number> {
  const folder = resolve(out);
  const runs = listRuns(folder);
  if (runs.length === 0)
    throw new EnvironmentFault(
      `${folder} holds no snapshots: run omidb-etl run DATABASE first, or give --out`,
    );
  await print(format === 'json' ? runs.map((run) => `${JSON.stringify(run)}\n`).join('') : asTable(runs));
  return EXIT.published;
}

const SEVERITIES = ['error', 'warning', 'info'] as const;
/** The id says when a run began. */
const LEAVE_OUT = ['rows', 'info', 'resolved', 'images', 'took', 'new', 'clients', 'started (UTC)'];
const NUMBERS = ['took', 'clients', 'images', 'rows', ...SEVERITIES, 'new', 'resolved'];

function asTable(runs: readonly ListedRun[]): string {
  const rows = runs.map((run) => [
    run.current ? `${run.run_id!} *` : (run.run_id ?? '-'),
    isUnreadable(run) ? 'manifest.json cannot be read' : run.status,
    (run.started ?? '').slice(0, 16).replace('T', ' '),
    run.seconds === null ? '' : duration(Math.round(run.seconds)),
    ...[run.clients, run.images, run.rows].map(cell),
    ...SEVERITIES.map((severity) => cell(run.mismatches?.[severity])),
    // Of the first run all would be new.
    ...[run.new, run.resolved].map((number) => (run.since === null ? '' : cell(number))),
  ]);
  const head = ['run', 'status', 'started (UTC)', ...NUMBERS];
  const table = plainTable(head, rows, NUMBERS, { leaveOut: LEAVE_OUT });
  const legend = runs.some(({ current }) => current) ? '* current' : 'current is none of these';
  const last = runs.at(-1)!;
  const why =
    last.failure === null ? '' : `\n${wrapForScreen(`the last run published nothing: ${last.failure}`)}\n`;
  return `${table}\n\n${legend}\n${why}`;
}

/** A snapshot that is there, of which nothing is known. */
function isUnreadable({ status, clients }: ListedRun): boolean {
  return status === 'published' && clients === null;
}

function cell(number: number | null | undefined): string {
  return number === null || number === undefined ? '' : count(number);
}
