import type { SideFile } from '../stages/side/side-file.js';
import type { RunContext } from './context.js';
import { logEvent } from './events.js';
import type { RunOptions } from './options.js';
import { planRun, type RunPlan } from './plan.js';
import { softwareVersion } from './version.js';
import { warnOfMissing, warnOfSummary } from './warnings.js';

/** Says that a run begins, and finds out what it is about. @throws as planRun */
export async function beginPlan(options: RunOptions, context: RunContext): Promise<RunPlan> {
  logStarted(options, context);
  const plan = planRun(options, await sideFilesOf(options));
  logPlanned(plan, context);
  warnOfMissing(plan, context.log);
  warnOfSummary(options.rows.tags, context.log);
  return plan;
}

function logStarted({ roots, out, workers }: RunOptions, context: RunContext): void {
  const version = softwareVersion();
  logEvent(context, 'started', { version, roots, out, workers }, `omidb-etl ${version} reads ${roots.data}`);
}

function logPlanned({ clients, ranges, inTrees }: RunPlan, context: RunContext): void {
  const fields = { clients: clients.length, ranges: ranges.length, client_folders: inTrees };
  logEvent(context, 'planned', fields, `${clients.length} clients in ${ranges.length} ranges`);
}

/** What reads CSV files is loaded where there are some. */
async function sideFilesOf({ sideTables }: RunOptions): Promise<SideFile[]> {
  if (sideTables.length === 0) return [];
  return (await import('../stages/side/side-file.js')).inspectSideTables(sideTables);
}
