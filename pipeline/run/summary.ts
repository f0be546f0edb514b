import type { BudgetResult, GateReport, Manifest } from '../snapshot/manifest.js';
import type { PublishedSnapshot } from '../snapshot/published.js';
import type { MismatchCounts } from '../stages/write/mismatches.js';
import { checkBudgets } from './budgets.js';
import type { RunContext } from './context.js';
import type { RunOptions } from './options.js';
import type { ContentCheck } from './content-check.js';

/** What a run has come to. */
export interface RunSummary {
  readonly runId: string;
  readonly snapshot: string;
  /** Of that snapshot. */
  readonly manifest: Manifest;
  readonly seconds: number;
  readonly clients: number;
  readonly images: number;
  readonly tables: readonly { name: string; rows: number }[];
  readonly mismatches: MismatchCounts;
  /** New and resolved since the snapshot before; null when there is none. */
  readonly history: { readonly since: string; readonly new: number; readonly resolved: number } | null;
  readonly budgets: readonly BudgetResult[];
  /** What the snapshot was held to, and against which; null for one of a version that had no gate. */
  readonly gate: GateReport | null;
  /** What was read and what was carried over, and why. */
  readonly work: Manifest['work'];
  /** False when nothing had changed, and nothing was published: the rest is of the current snapshot. */
  readonly changed: boolean;
  /** Ranges that were read again though nothing showed a change (--verify-content). */
  readonly rechecked: number;
}

/** Of a run that published a snapshot. */
export function publishedSummary({ manifest, folder }: PublishedSnapshot): RunSummary {
  return {
    ...summaryOf(manifest, folder),
    changed: true,
    rechecked: manifest.work.client_ranges.rechecked ?? 0,
  };
}

/** What is known of a run when it has begun. */
interface Begun {
  readonly options: RunOptions;
  readonly context: RunContext;
  readonly started: Date;
  readonly contentCheck: ContentCheck;
}

/** Of a run that found nothing to do. It holds the current snapshot to its own budgets. */
export function unchangedSummary(
  { options, context, started, contentCheck }: Begun,
  { manifest, folder }: PublishedSnapshot,
): RunSummary {
  return {
    ...summaryOf(manifest, folder),
    seconds: (context.now().getTime() - started.getTime()) / 1000,
    history: { since: manifest.run_id, new: 0, resolved: 0 },
    budgets: checkBudgets(options.budgets, manifest.mismatches.by_kind, manifest.inputs),
    changed: false,
    rechecked: contentCheck.due.size,
  };
}

function summaryOf(manifest: Manifest, snapshot: string): Omit<RunSummary, 'changed' | 'rechecked'> {
  const { since, new: fresh, resolved } = manifest.mismatches;
  return {
    runId: manifest.run_id,
    snapshot,
    manifest,
    seconds: manifest.seconds,
    clients: manifest.inputs.clients,
    images: manifest.inputs.images,
    tables: Object.entries(manifest.tables).map(([name, { rows }]) => ({ name, rows })),
    mismatches: manifest.mismatches,
    history: since === null ? null : { since, new: fresh, resolved },
    budgets: manifest.budgets,
    gate: manifest.gate ?? null,
    work: manifest.work,
  };
}
