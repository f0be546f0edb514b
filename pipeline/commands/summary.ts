import { join, relative } from 'node:path';
import { literalPattern } from '../engine/sql.js';
import { duration } from '../run/progress.js';
import type { RunSummary } from '../run/summary.js';
import type { RangeReason } from '../snapshot/manifest.js';
import { count, plainTable, wrapForScreen } from './plain-table.js';
import type { Severity } from '../../schemas/mismatch-kind.js';
import { MISMATCH_KINDS, type MismatchKind } from '../../schemas/mismatch-kinds.js';

const WORST_FIRST: readonly Severity[] = ['error', 'warning', 'info'];

/** What a person wants to know when a run has ended. */
export function summaryText(summary: RunSummary, out: string): string {
  const { clients, images, seconds } = summary;
  const speed = Math.round(images / Math.max(seconds, 0.001));
  const tables = shortPath(join(out, 'current', 'tables'));
  return [
    '',
    `${count(clients)} clients, ${count(images)} images in ${duration(Number(seconds.toFixed(1)))} (${count(speed)} images/s)`,
    ...workText(summary),
    '',
    plainTable(
      ['table', 'rows'],
      summary.tables.map(({ name, rows }) => [name, count(rows)]),
    ),
    '',
    mismatchText(summary),
    ...historyText(summary),
    ...budgetText(summary),
    '',
    'Open the tables in DuckDB and in pandas:',
    `  duckdb -c "SELECT * FROM '${literalPattern(tables)}/images/*.parquet' LIMIT 5"`,
    `  python -c "import pandas; print(pandas.read_parquet('${tables}/images'))"`,
    '',
  ].join('\n');
}

/** A path to paste: relative where it is below the current folder. */
function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}

/** Why a range was read, or was not. */
const REASONS: Readonly<Record<RangeReason, string>> = {
  first: 'read: no earlier snapshot has it',
  full: 'read: --full',
  changed: 'read: files, options or the program changed',
  damaged: 'read: its files in the earlier snapshot are damaged',
  rechecked: 'read: unchanged, but it was their turn (--verify-content)',
  unread: 'read: files could not be read the last time',
  carried: 'not read: unchanged since the current snapshot',
  resumed: 'not read: an interrupted run had finished it',
};

/** What was read, and what was not, and why. */
function workText({ snapshot, changed, work, rechecked }: RunSummary): string[] {
  const ranges = Object.entries(work.client_ranges).map(
    ([reason, number]) => `  ${count(number)} client ranges ${REASONS[reason as RangeReason]}`,
  );
  if (!changed)
    return [
      wrapForScreen(
        rechecked === 0
          ? 'nothing changed: no file of the database was opened, nothing new was published'
          : `nothing changed: ${count(rechecked)} client ranges were read again and are as published, nothing new was published`,
      ),
      `current is ${shortPath(snapshot)}`,
    ];
  return [`published ${shortPath(snapshot)}`, ...ranges];
}

export function mismatchText({ mismatches }: Pick<RunSummary, 'mismatches'>): string {
  const kinds = Object.entries(mismatches.by_kind) as [MismatchKind, number][];
  if (kinds.length === 0) return 'No mismatches.';
  const severity = ([kind]: [MismatchKind, number]) => MISMATCH_KINDS[kind].severity;
  kinds.sort((a, b) => WORST_FIRST.indexOf(severity(a)) - WORST_FIRST.indexOf(severity(b)) || b[1] - a[1]);
  const rows = kinds.map(([kind, number]) => [kind, MISMATCH_KINDS[kind].severity, count(number)]);
  return plainTable(['mismatches', 'severity', 'rows'], rows);
}

function historyText({ history }: RunSummary): string[] {
  if (history === null) return [];
  return ['', `${count(history.new)} new, ${count(history.resolved)} resolved since ${history.since}`];
}

/** Budgets that are not kept. */
export function budgetText({ budgets }: Pick<RunSummary, 'budgets'>): string[] {
  const lines = budgets
    .filter(({ over }) => over > 0)
    .map(({ budget, found, allowed, over, of }) => {
      const basis = of === null ? '' : ` (${count(of.rows)} ${of.table})`;
      return wrapForScreen(
        `over the budget ${budget}: ${count(found)} found, ${count(allowed)} allowed${basis}, ${count(over)} too many`,
      );
    });
  return lines.length === 0 ? [] : ['', ...lines];
}
