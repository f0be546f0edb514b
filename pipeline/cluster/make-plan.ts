import { without } from '../base/without.js';
import { beginPlan } from '../run/begin.js';
import { ContentCheck } from '../run/content-check.js';
import type { RunContext } from '../run/context.js';
import { logEvent } from '../run/events.js';
import { configurationFingerprint } from '../run/fingerprint.js';
import { holdingOutput } from '../run/holding.js';
import { inTurn } from '../run/in-turn.js';
import { interruption } from '../run/interrupted.js';
import type { RunOptions } from '../run/options.js';
import type { RunPlan } from '../run/plan.js';
import { programHash } from '../run/program.js';
import { RangeChoice } from '../run/range-choice.js';
import { RangeReader } from '../run/range-reader.js';
import { RangeTasks } from '../run/range-tasks.js';
import { programOf, RunRecorder } from '../run/recorder.js';
import { keepWanted } from '../run/reuse.js';
import { assertTreesThere } from '../run/trees.js';
import { workersFor } from '../run/with-workers.js';
import { openPool } from '../run/workers.js';
import type { OutputFolder } from '../snapshot/output-folder.js';
import { removeTasks } from '../snapshot/task-folder.js';
import { inodesOf } from '../source/root-identity.js';
import { PROCESS_OPTIONS, type FrozenPlan, type FrozenRange } from './frozen-plan.js';
import { writePlan } from './plan-file.js';
import { shareOut } from './share-out.js';

/**
 * Makes the plan of a run that several machines share, and writes it into the output: what is read, by which task, with
 * which options. What nothing changed in since the current snapshot, or an interrupted run had finished, is in no task.
 * @param tasks how many there are to be
 * @throws as `run`
 */
export async function makePlan(options: RunOptions, tasks: number, context: RunContext): Promise<FrozenPlan> {
  const recorder = new RunRecorder(options, context);
  return recorder.recordingFailure(async (failed) => {
    const plan = await beginPlan(options, context);
    const freeze = async (output: OutputFolder) => {
      const ranges = await chooseRanges(options, context, plan, output);
      const frozen = await frozenPlan(options, plan, output, ranges, tasks);
      output.assertHeld();
      const written = writePlan(options.out, frozen, context.now());
      // Those of a plan that this one takes the place of.
      removeTasks(options.out, written.id);
      const fields = { plan: written.id, tasks, ranges: ranges.filter(({ read }) => read !== null).length };
      logEvent(context, 'divided', fields, `plan ${written.id}: ${fields.ranges} ranges in ${tasks} tasks`);
      return written;
    };
    return holdingOutput(options.out, context, freeze, failed);
  });
}

async function frozenPlan(
  options: RunOptions,
  plan: RunPlan,
  output: OutputFolder,
  ranges: readonly FrozenRange[],
  tasks: number,
): Promise<Omit<FrozenPlan, 'id'>> {
  const { width, unknown, inTrees, sideFiles, database } = plan;
  const taken = new Set(plan.clients.map(({ id }) => id));
  return {
    ...{ width, unknown, inTrees, sideFiles, database, ranges },
    software: programOf({}).software,
    program: await programHash(),
    configuration: await configurationFingerprint(options, plan),
    options: without(options, PROCESS_OPTIONS),
    against: output.current()?.manifest.run_id ?? null,
    rootInodes: inodesOf(plan.rootIds),
    leftOut: [...plan.known].filter((id) => !taken.has(id)),
    tasks: shareOut(
      ranges.filter(({ read }) => read !== null),
      tasks,
    ),
  };
}

/** Looks at every client, and says which ranges are read, and why. */
async function chooseRanges(
  options: RunOptions,
  context: RunContext,
  plan: RunPlan,
  output: OutputFolder,
): Promise<FrozenRange[]> {
  const { formats } = options.rows;
  const { building, work } = output;
  const previous = output.current();
  assertTreesThere(options, plan, previous?.manifest ?? null);
  keepWanted(output, plan, options);
  const configuration = await configurationFingerprint(options, plan);
  const { progress, log, signal } = context;
  const pool = openPool(workersFor(plan.clients.length, options.workers), options, plan.rootIds, log);
  progress.start(plan.clients.length);
  try {
    const tasks = new RangeTasks(pool);
    const place = { tasks, building, work, configuration, formats, progress };
    const reader = new RangeReader(place, options.roots, plan.rootIds);
    const choice = new RangeChoice({
      ...{ tasks, building, formats, origin: reader, full: options.full },
      previous: previous?.folder ?? null,
      due: dueOf(options, plan),
      onDamage: (range) => {
        log.warn(`files of range ${range} that an earlier run wrote are damaged: it is in a task`);
      },
    });
    const chosen = inTurn(tasks, plan.ranges, async (range) => {
      const [stamps, chosen] = await Promise.all([reader.stamps(range), choice.choose(range)]);
      progress.advance(range.clients.length, 0);
      return { ...range, stamps, read: 'keep' in chosen ? null : chosen.read };
    });
    const ranges = await Promise.race([chosen, interruption(signal)]);
    reader.assertSame();
    return ranges;
  } finally {
    progress.stop();
    await pool.close();
  }
}

function dueOf({ out, verifyContent }: RunOptions, { ranges }: RunPlan): ReadonlySet<string> {
  const names = ranges.map(({ range }) => range);
  return new ContentCheck(out, names, verifyContent).due;
}
