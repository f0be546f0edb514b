import PQueue from 'p-queue';
import { rangeWidth } from '../omi-db/client-id.js';
import type { Basis } from '../../schemas/mismatch-kind.js';
import { MISMATCH_KINDS, type Mismatch, type MismatchKind } from '../../schemas/mismatch-kinds.js';
import type { BudgetResult } from '../snapshot/manifest.js';
import { assertSameRoots, identifyRoots } from '../source/root-identity.js';
import { planRanges, type ClientEntry } from '../stages/discover.js';
import { inspectSideTables } from '../stages/side/side-file.js';
import { mismatchRow } from '../stages/write/mismatch-row.js';
import type { MismatchCounts } from '../stages/write/mismatches.js';
import { checkBudgets } from './budgets.js';
import type { RunContext } from './context.js';
import { interruption } from './interrupted.js';
import type { RunOptions } from './options.js';
import { listRunClients } from './plan.js';
import { TASKS_AHEAD } from './pool.js';
import type { PlanResult } from './tasks.js';
import { openPool } from './workers.js';

const CLIENTS_PER_TASK = 16;

/** What a dry run found. */
export interface DryRunSummary {
  readonly clients: number;
  readonly studies: number;
  readonly images: number;
  /** Those that pairing shows, and imagedb and NBSS files. */
  readonly mismatches: MismatchCounts;
  readonly budgets: readonly BudgetResult[];
}

/** Takes lines of JSON, without their ends. */
export type LineSink = (lines: readonly string[]) => Promise<void> | void;

/**
 * Walks and pairs only. No image header is read and nothing is written.
 * @param sink gets the plan and the mismatches (`{"plan": …}` for each client, `{"mismatch": …}` after it), in natural
 *   order of client; null where nobody wants them
 */
export async function dryRun(
  options: RunOptions,
  context: RunContext,
  sink: LineSink | null,
): Promise<DryRunSummary> {
  const database: Mismatch[] = [];
  // Of side tables a dry run says whether they can be read.
  if (options.sideTables.length > 0) await inspectSideTables(options.sideTables);
  const rootIds = identifyRoots(options.roots);
  const { clients } = listRunClients(options, (mismatch) => database.push(mismatch));
  await sink?.(database.map((mismatch) => JSON.stringify({ mismatch: mismatchRow(mismatch) })));
  const found = new Found(database);
  const pool = openPool(options.workers, options, rootIds, context.log);
  const queue = new PQueue({ concurrency: pool.size * (1 + TASKS_AHEAD) });
  try {
    // In the order of the plan, whichever is done first.
    let taken: Promise<void> = Promise.resolve();
    const interrupted = interruption(context.signal);
    for (const inTask of tasksOf(clients)) {
      const whenShort = () => queue.onSizeLessThan(pool.size);
      await Promise.race([whenShort(), taken.then(whenShort), interrupted]);
      const task = { clients: inTask, withLines: sink !== null };
      const result = queue.add(() => pool.run('plan', task, true));
      taken = Promise.all([result, taken]).then(([answer]) => {
        found.add(answer);
        return sink?.(answer.lines);
      });
      taken.catch(() => undefined);
    }
    await Promise.race([taken, interrupted]);
    assertSameRoots(options.roots, rootIds);
  } finally {
    await pool.close();
  }
  const rows = { clients: clients.length, ...found.rows };
  const mismatches = found.mismatches();
  return { ...rows, mismatches, budgets: checkBudgets(options.budgets, mismatches.by_kind, rows) };
}

function* tasksOf(clients: readonly ClientEntry[]): Generator<readonly ClientEntry[]> {
  for (const { clients: inRange } of planRanges(clients, rangeWidth(clients)))
    for (let start = 0; start < inRange.length; start += CLIENTS_PER_TASK)
      yield inRange.slice(start, start + CLIENTS_PER_TASK);
}

/** Sums of what the tasks found. */
class Found {
  readonly rows: Record<Exclude<Basis, 'clients'>, number> = { studies: 0, images: 0 };
  private readonly byKind: Partial<Record<MismatchKind, number>> = {};

  constructor(database: readonly Mismatch[]) {
    for (const { kind } of database) this.count(kind, 1);
  }

  add({ studies, images, byKind }: PlanResult): void {
    this.rows.studies += studies;
    this.rows.images += images;
    for (const [kind, number] of Object.entries(byKind)) this.count(kind as MismatchKind, number);
  }

  mismatches(): MismatchCounts {
    const counts = { total: 0, by_kind: this.byKind, by_severity: { error: 0, warning: 0, info: 0 } };
    for (const [kind, number] of Object.entries(this.byKind)) {
      counts.total += number;
      counts.by_severity[MISMATCH_KINDS[kind as MismatchKind].severity] += number;
    }
    return counts;
  }

  private count(kind: MismatchKind, number: number): void {
    this.byKind[kind] = (this.byKind[kind] ?? 0) + number;
  }
}
