import type { OutcomeMonths } from '../semantics/outcome.js';
import type { Budget } from './budgets.js';
import type { Roots } from '../source/source.js';

/** What a run is told; paths are absolute. */
export interface RunOptions {
  readonly roots: Roots;
  readonly out: string;
  readonly workers: number;
  /** Only these clients; null for all. */
  readonly includeClients: ReadonlySet<string> | null;
  readonly excludeClients: ReadonlySet<string>;
  readonly tagsFile: string | null;
  /** Parquet parts are always written; `arrow` writes Arrow files beside them. */
  readonly format: 'parquet' | 'arrow';
  /** Windows of the outcome of an episode. */
  readonly months: OutcomeMonths;
  /** Read everything, also where nothing changed. */
  readonly full: boolean;
  /** How many snapshots to keep, the new one included. */
  readonly keep: number;
  /** How many mismatches of a kind there may be; the run publishes all the same. */
  readonly budgets: readonly Budget[];
}
