import { join } from 'node:path';
import type { Logger } from 'pino';
import { EnvironmentFault } from '../base/fault.js';
import { ContentCheck } from '../run/content-check.js';
import type { RunContext } from '../run/context.js';
import { holdingOutput } from '../run/holding.js';
import type { RunOptions } from '../run/options.js';
import { RunRecorder } from '../run/recorder.js';
import type { RangePlace } from '../run/range-origin.js';
import { runSteps } from '../run/steps.js';
import type { RunSummary } from '../run/summary.js';
import { withWorkers } from '../run/with-workers.js';
import type { OutputFolder } from '../snapshot/output-folder.js';
import { begunTasks, donePath, removeTasks } from '../snapshot/task-folder.js';
import { optionsOf, runPlanOf, type FrozenPlan, type ProcessOptions } from './frozen-plan.js';
import { assertSameProgram } from './same.js';
import { TaskRanges, type DoneTask } from './task-ranges.js';
import { readReceiptOf } from './task-receipt.js';
import { numbersText } from './task-numbers.js';

/**
 * Puts together what the tasks of a plan read, and does the rest of the run: what looks at all clients, verifying, gates,
 * publishing. Nothing of the database is read.
 * @param plan that of the output
 * @throws EnvironmentFault when tasks are not done, which it names, or when `current` has been turned since the plan was made;
 * else as `run`
 */
export async function merge(
  plan: FrozenPlan,
  process: ProcessOptions,
  context: RunContext,
): Promise<RunSummary> {
  const options = optionsOf(plan, process);
  const recorder = new RunRecorder(options, context);
  return recorder.recordingFailure(async (failed) => {
    await assertSameProgram(plan);
    const done = doneTasks(plan, options.out);
    const use = async (output: OutputFolder) => {
      assertSameCurrent(plan, output);
      const summary = await finish(plan, done, { options, context, recorder, output });
      clearTasks(options.out, context.log);
      return summary;
    };
    return holdingOutput(options.out, context, use, failed);
  });
}

interface MergeUnderWay {
  readonly options: RunOptions;
  readonly context: RunContext;
  readonly recorder: RunRecorder;
  readonly output: OutputFolder;
}

/** As a run does, but for where its ranges come from. */
function finish(
  frozen: FrozenPlan,
  done: readonly DoneTask[],
  { options, context, recorder, output }: MergeUnderWay,
): Promise<RunSummary> {
  const names = frozen.ranges.map(({ range }) => range);
  const due = frozen.ranges.filter(({ read }) => read === 'rechecked').map(({ range }) => range);
  const contentCheck = new ContentCheck(options.out, names, options.verifyContent, new Set(due));
  const openOrigin = (place: RangePlace) => new TaskRanges(place, frozen, done);
  const sharedBy = { id: frozen.id, tasks: frozen.tasks.length };
  const plan = runPlanOf(frozen);
  return withWorkers(
    { options, context, plan, output, recorder, contentCheck, openOrigin, sharedBy },
    runSteps,
  );
}

/** What was published is published, whether that can be removed or not. */
function clearTasks(out: string, log: Logger): void {
  try {
    removeTasks(out, null);
  } catch (error) {
    log.warn(
      `what the tasks left in ${join(out, 'tasks')} could not be removed: ${(error as Error).message}`,
    );
  }
}

/** Every task that has something to read. @throws EnvironmentFault when one is not done */
function doneTasks(plan: FrozenPlan, out: string): DoneTask[] {
  const wanted = [...plan.tasks.keys()].filter((task) => plan.tasks[task]!.length > 0);
  const begun = begunTasks(out, plan.id);
  const found = wanted.map((task) => {
    const folder = donePath(out, plan.id, task);
    const receipt = begun.has(task) ? readReceiptOf(folder, plan.id, task) : null;
    return receipt === null ? null : { folder, receipt };
  });
  const missing = wanted.filter((_, i) => found[i] === null);
  if (missing.length > 0)
    throw new EnvironmentFault(
      `${missing.length} of ${wanted.length} tasks of plan ${plan.id} are not done: ${numbersText(missing)}: do each with omidb-etl run-task --task, then merge again`,
    );
  return found.filter((task) => task !== null);
}

/** What no task read is kept of the snapshot that was current when the plan was made. */
function assertSameCurrent(plan: FrozenPlan, output: OutputFolder): void {
  const current = output.current()?.manifest ?? null;
  const now = current?.run_id ?? null;
  // It was published by this plan, and merge died before it said so.
  if (now === plan.against || current?.plan?.id === plan.id) return;
  throw new EnvironmentFault(
    `${output.path} has another current snapshot (${String(now)}) than when the plan was made (${String(plan.against)}): plan again`,
  );
}
