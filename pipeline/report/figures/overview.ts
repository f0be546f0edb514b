import type { GateReport, Manifest } from '../../snapshot/manifest.js';
import type { Count, Ledger } from '../counts.js';
import type { ReportInput } from '../input.js';

/** What the page says first: which run this is, what it read, and whether it can be trusted today. */
export interface Overview {
  readonly runId: string;
  readonly finished: string;
  readonly seconds: number;
  readonly version: string;
  readonly clients: Count;
  readonly studies: Count;
  readonly images: Count;
  readonly dicomFiles: Count;
  readonly errors: Count;
  readonly warnings: Count;
  readonly infos: Count;
  /** Against the snapshot before; null when there is none, and where small counts are hidden. */
  readonly history: { readonly since: string; readonly new: number; readonly resolved: number } | null;
  /** What the snapshot was held to; null where it was not, and where small counts are hidden. */
  readonly gate: GateReport | null;
  readonly budgets: Manifest['budgets'];
  readonly options: readonly (readonly [name: string, value: string])[];
  /** Empty when there is no earlier snapshot, and where small counts are hidden. */
  readonly trend: readonly TrendPoint[];
}

/** A snapshot that is kept, oldest first. */
export interface TrendPoint {
  readonly runId: string;
  readonly clients: number;
  readonly images: number;
  readonly errors: number;
  readonly warnings: number;
}

/** Overview of a snapshot, from its manifest and those of the earlier ones that are kept. */
export function overview({ manifest, earlier, minCount }: ReportInput, ledger: Ledger): Overview {
  const { inputs, mismatches } = manifest;
  const { since, new: fresh, resolved } = mismatches;
  // Who is told a total of two runs is told their difference, which may be one woman.
  const mayCompare = minCount <= 1;
  const bySeverity = (severity: 'error' | 'warning' | 'info') =>
    ledger.count(`mismatches|severity=${severity}`, mismatches.by_severity[severity]);
  return {
    runId: manifest.run_id,
    finished: manifest.finished,
    seconds: manifest.seconds,
    version: manifest.software.version,
    clients: ledger.count('clients', inputs.clients),
    studies: ledger.count('studies', inputs.studies),
    images: ledger.count('images', inputs.images),
    dicomFiles: ledger.count('dicom files', inputs.dicom_files.files),
    errors: bySeverity('error'),
    warnings: bySeverity('warning'),
    infos: bySeverity('info'),
    history: since === null || !mayCompare ? null : { since, new: fresh, resolved },
    gate: mayCompare ? (manifest.gate ?? null) : null,
    budgets: mayCompare ? manifest.budgets : [],
    options: optionsOf(manifest),
    trend: mayCompare && earlier.length > 0 ? [...earlier, manifest].map(trendPoint) : [],
  };
}

function trendPoint({ run_id: runId, inputs, mismatches }: Manifest): TrendPoint {
  const { error: errors, warning: warnings } = mismatches.by_severity;
  return { runId, clients: inputs.clients, images: inputs.images, errors, warnings };
}

/** Options that change what the tables say, and hold no path. */
const TOLD_OPTIONS = [
  'months_ci_prior',
  'months_cancer_prior',
  'months_normal_follow_up',
  'months_benign_follow_up',
  'format',
  'follow_links',
];

/** Options that hold paths or ids: that they were given is told, not what they hold. */
const GIVEN_OPTIONS = ['clients_file', 'exclude_clients_file', 'tags_file', 'tags_add_file'];

function optionsOf({ options }: Manifest): [string, string][] {
  const isGiven = (value: unknown) =>
    value !== null && value !== undefined && (!Array.isArray(value) || value.length > 0);
  const told = TOLD_OPTIONS.filter((name) => isGiven(options[name])).map((name): [string, string] => [
    name,
    String(options[name]),
  ]);
  const given = GIVEN_OPTIONS.filter((name) => isGiven(options[name]));
  return [...told, ...given.map((name): [string, string] => [name, 'given'])];
}
