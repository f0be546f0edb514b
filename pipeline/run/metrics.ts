import { MISMATCH_KINDS, type MismatchKind } from '../../schemas/mismatch-kinds.js';
import { countsOf } from '../snapshot/gate/check.js';
import type { Manifest } from '../snapshot/manifest.js';
import { readCurrent } from '../snapshot/published.js';
import { readRecords, type RunRecord, type RunStatus } from '../snapshot/run-record.js';
import { writeFileWhole } from '../storage/new-file.js';

/**
 * The metrics of a run for the textfile collector of Prometheus' node_exporter, in its text format (exposition format
 * 0.0.4): gauges, for a program that ends has no counters.
 */

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [Labels, number];

const STATUSES: readonly RunStatus[] = ['published', 'unchanged', 'refused', 'failed', 'interrupted'];

/** Writes the file under another name first: the collector reads `*.prom` at any moment. @throws the file system's error */
export function writeMetrics(path: string, out: string, record: RunRecord): void {
  const success = readRecords(out).findLast(({ status }) => isSuccess(status)) ?? null;
  const current = readCurrent(out)?.manifest ?? null;
  writeFileWhole(path, Buffer.from(metricsText(record, success?.finished ?? null, current)));
}

function isSuccess(status: RunStatus): boolean {
  return status === 'published' || status === 'unchanged';
}

/**
 * @param lastSuccess when a run last published, or found nothing to publish; null when none is known
 * @param current manifest of the current snapshot, as it is after the run
 */
export function metricsText(record: RunRecord, lastSuccess: string | null, current: Manifest | null): string {
  return [...runMetrics(record, lastSuccess), ...(current === null ? [] : snapshotMetrics(current))].join('');
}

function runMetrics(record: RunRecord, lastSuccess: string | null): string[] {
  const gate = record.gate?.results ?? [];
  const ofGate = (value: (result: (typeof gate)[number]) => number): Sample[] =>
    gate.map((result) => [{ what: result.what }, value(result)]);
  return [
    metric('last_run_timestamp_seconds', 'When the last run ended.', seconds(record.finished)),
    metric(
      'last_success_timestamp_seconds',
      'When a run last published, or found nothing to publish; 0 when none is known.',
      seconds(lastSuccess),
    ),
    metric('last_run_duration_seconds', 'How long the last run took.', record.seconds ?? 0),
    metric('last_run_exit_code', 'The exit code of the last run.', record.exit_code ?? 1),
    metric(
      'last_run_status',
      'What the last run came to: 1 for that status, 0 for the others.',
      STATUSES.map((status) => [{ status }, record.status === status ? 1 : 0]),
    ),
    metric('build_info', 'Version of the program that ran last.', [
      [{ version: record.software.version }, 1],
    ]),
    metric(
      'gate_change',
      'By how much clients, images and so on fell, or mismatches rose, against the current snapshot; negative the other way.',
      ofGate(({ direction, before, now }) => (direction === 'fall' ? before - now : now - before)),
    ),
    metric(
      'gate_allowed',
      'By how much they may.',
      ofGate(({ allowed }) => allowed),
    ),
  ];
}

function snapshotMetrics(manifest: Manifest): string[] {
  const { by_kind: byKind } = manifest.mismatches;
  return [
    metric(
      'snapshot_timestamp_seconds',
      'When the current snapshot was finished.',
      seconds(manifest.finished),
    ),
    metric(
      'snapshot_items',
      'How many the current snapshot has.',
      Object.entries(countsOf(manifest)).map(([what, number]) => [{ what }, number]),
    ),
    metric(
      'snapshot_mismatches',
      'Mismatches of the current snapshot.',
      (Object.entries(byKind) as [MismatchKind, number][]).map(([kind, number]) => [
        // A snapshot of another version may have kinds that this one does not know.
        { kind, severity: Object.hasOwn(MISMATCH_KINDS, kind) ? MISMATCH_KINDS[kind].severity : 'unknown' },
        number,
      ]),
    ),
  ];
}

/** Since 1970; 0 where there is no time. */
function seconds(time: string | null): number {
  return time === null ? 0 : Date.parse(time) / 1000;
}

/** A gauge with its help; nothing of one without samples. */
function metric(name: string, help: string, samples: number | readonly Sample[]): string {
  const full = `omidb_etl_${name}`;
  const all: readonly Sample[] = typeof samples === 'number' ? [[{}, samples]] : samples;
  if (all.length === 0) return '';
  const lines = all.map(([labels, value]) => `${full}${labelText(labels)} ${value}\n`);
  return `# HELP ${full} ${help}\n# TYPE ${full} gauge\n${lines.join('')}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** As the format says: backslash, quote and end of line. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
