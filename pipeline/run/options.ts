import type { TagSelection } from '../dicom/tag-selection.js';
import type { OutcomeMonths } from '../semantics/outcome.js';
import type { Roots } from '../source/source.js';
import type { GateLimits } from '../snapshot/gate/limits.js';
import type { SideTableOption } from '../stages/side/side-file.js';
import type { Formats } from '../stages/write/formats.js';
import type { Budget } from './budgets.js';
import type { FailOn } from './exit.js';

/** What a run is told; paths are absolute. */
export interface RunOptions {
  readonly roots: Roots;
  readonly out: string;
  readonly workers: number;
  /** Files read ahead of all workers together, at most, where the disk lets one wait. */
  readonly readAhead: number;
  /** What the run may take, in MB; null: what so many workers need and some more (memory.ts). */
  readonly maxMemory: number | null;
  readonly rows: RowOptions;
  /** Go on when a list names clients that no tree has, or seems to name one by another spelling. */
  readonly allowUnknownClients: boolean;
  /** Tables that the user brings along. No row of another table depends on them: they are no RowOptions. */
  readonly sideTables: readonly SideTableOption[];
  /** Read everything, also where nothing changed. */
  readonly full: boolean;
  /** Share of the ranges to read again though nothing shows a change, in percent; null for none. */
  readonly verifyContent: number | null;
  /** How many snapshots to keep, the new one included. */
  readonly keep: number;
  /** Make report.html. */
  readonly report: boolean;
  /** How many mismatches of a kind there may be; the run publishes all the same. */
  readonly budgets: readonly Budget[];
  /** What a new snapshot must keep to, to be published. */
  readonly gate: GateLimits;
  /** The severity from which on mismatches end the run with another exit code; it publishes all the same. */
  readonly failOn: FailOn;
  /** File that gets metrics of the run, for Prometheus; null for none. */
  readonly metricsFile: string | null;
  /** As the user gave them, for manifest.json. */
  readonly echo: Readonly<Record<string, unknown>>;
}

/**
 * Every option that the content of a snapshot's files depends on. It is hashed whole into the fingerprint of each range
 * (fingerprint.ts), so it holds plain data only: what JSON does not show would not count.
 */
export interface RowOptions {
  /** DICOM tags that get a column. */
  readonly tags: TagSelection;
  /** Windows of the outcome of an episode. */
  readonly months: OutcomeMonths;
  /** Only these clients, sorted; null for all. */
  readonly includeClients: readonly string[] | null;
  /** Sorted. */
  readonly excludeClients: readonly string[];
  readonly formats: Formats;
  /** Follow links that lead out of the trees. */
  readonly followLinks: boolean;
}
