import { join } from 'node:path';
import { UsageFault } from '../base/fault.js';
import type { RunContext } from '../run/context.js';
import { logEvent } from '../run/events.js';
import { holding } from '../run/holding.js';
import { inTurn } from '../run/in-turn.js';
import { interruption } from '../run/interrupted.js';
import type { RunOptions } from '../run/options.js';
import { workFilesOf } from '../run/range-files.js';
import type { RangePlace } from '../run/range-origin.js';
import { RangeReader } from '../run/range-reader.js';
import { RangeTasks } from '../run/range-tasks.js';
import { RangeWriter } from '../run/range-writer.js';
import { hasItsFiles } from '../run/reuse.js';
import { workersFor } from '../run/with-workers.js';
import { openPool } from '../run/workers.js';
import { keepOnly } from '../snapshot/keep-only.js';
import type { OutputSettings } from '../snapshot/output-folder.js';
import { TaskFolder, taskPath } from '../snapshot/task-folder.js';
import { identifyRoots } from '../source/root-identity.js';
import { makeFolder } from '../storage/folders.js';
import { sizeOf } from '../storage/names.js';
import { hashFile } from '../storage/read.js';
import {
  isWhole,
  optionsOf,
  piecesOf,
  rangesByName,
  type FrozenPlan,
  type FrozenRange,
  type ProcessOptions,
  type Share,
} from './frozen-plan.js';
import { readPlan } from './plan-file.js';
import { assertSameDatabase, assertSameProgram } from './same.js';
import {
  isIntact,
  readReceiptOf,
  relativeTo,
  TASK_VERSION,
  type PartOfRange,
  type TaskReceipt,
} from './task-receipt.js';

export interface TaskSummary {
  readonly plan: FrozenPlan;
  readonly task: number;
  /** Of its share. */
  readonly clients: number;
  /** True when it was done before, and nothing was read. */
  readonly wasDone: boolean;
}

/**
 * Does one task of a plan: reads its share of the database, and leaves its output beside those of the others. May be
 * repeated: what is done is not done again, what a dead process had finished of it is taken up.
 * @param wanted id of the plan; null for whichever the output has
 * @throws EnvironmentFault when this is another program, or another database, than the plan was made with; UsageFault when
 * the plan has no such task; Interrupted
 */
export async function runTask(
  task: number,
  wanted: string | null,
  process: ProcessOptions,
  context: RunContext,
): Promise<TaskSummary> {
  const plan = await readPlan(process.out, wanted);
  const shares = plan.tasks[task];
  if (shares === undefined)
    throw new UsageFault(`there is no task ${task}: the plan ${plan.id} has 0 to ${plan.tasks.length - 1}`);
  await assertSameProgram(plan);
  if (shares.length === 0) return { plan, task, clients: 0, wasDone: false };
  const clients = clientsOf(plan, shares);
  const path = taskPath(process.out, plan.id, task);
  const open = (settings: OutputSettings) => TaskFolder.open(path, settings);
  return holding(path, context, open, async (folder) => {
    const wasDone = await isDone(folder, plan, task);
    if (!wasDone) {
      const options = optionsOf(plan, process);
      await folder.seal(await readShares({ plan, task, shares, options, context, folder, clients }));
    }
    const fields = { plan: plan.id, task, clients, was_done: wasDone };
    logEvent(context, 'task_done', fields, `task ${task} ${wasDone ? 'was done before' : 'is done'}`);
    return { plan, task, clients, wasDone };
  });
}

/** Whether its output is there, and every file as it was written. */
async function isDone(folder: TaskFolder, plan: FrozenPlan, task: number): Promise<boolean> {
  const receipt = readReceiptOf(folder.done, plan.id, task);
  return receipt !== null && (await isIntact(folder.done, receipt));
}

interface TaskUnderWay {
  readonly plan: FrozenPlan;
  readonly task: number;
  readonly shares: readonly Share[];
  readonly clients: number;
  readonly options: RunOptions;
  readonly context: RunContext;
  readonly folder: TaskFolder;
}

async function readShares(under: TaskUnderWay): Promise<TaskReceipt> {
  const { plan, shares, options, context, clients } = under;
  const rootIds = identifyRoots(options.roots);
  const pool = openPool(workersFor(clients, options.workers), options, rootIds, context.log);
  context.progress.start(clients);
  try {
    const tasks = new RangeTasks(pool);
    await assertSameDatabase(plan, shares, rootIds, tasks);
    const origin = new RangeReader(placeOf(under, tasks), options.roots, rootIds);
    const receipt = await Promise.race([readAll(under, tasks, origin), interruption(context.signal)]);
    origin.assertSame();
    return receipt;
  } finally {
    context.progress.stop();
    await pool.close();
  }
}

function placeOf({ plan, folder, context }: TaskUnderWay, tasks: RangeTasks): RangePlace {
  const { building, work } = folder;
  const { configuration, options } = plan;
  return { tasks, building, work, configuration, formats: options.rows.formats, progress: context.progress };
}

/** Whole ranges as a run reads them, then parts of others, of which merge makes files. */
async function readAll(
  { plan, task, shares, options, context, folder }: TaskUnderWay,
  tasks: RangeTasks,
  origin: RangeReader,
): Promise<TaskReceipt> {
  const { building } = folder;
  const { formats } = options.rows;
  const byName = rangesByName(plan);
  const whole = shares.filter((share) => isWhole(share, byName.get(share.range)!));
  const ranges = whole.map(({ range }) => byName.get(range)!);
  const names = new Set(ranges.map(({ range }) => range));
  keepOnly(building, (receipt) => names.has(receipt.range) && hasItsFiles(receipt, formats), formats);
  const writer = new RangeWriter({
    ...{ tasks, origin, building, formats, progress: context.progress },
    previous: null,
    full: false,
    due: new Set(),
    onRead: () => undefined,
    onDamage: (range) => {
      context.log.warn(`files of range ${range} that an earlier attempt wrote are damaged: it is made anew`);
    },
  });
  await writer.write(ranges);
  const rest = shares.filter((share) => !whole.includes(share));
  const parts = await inTurn(tasks, rest, (share) =>
    readPart(building, origin, byName.get(share.range)!, share),
  );
  return { format_version: TASK_VERSION, plan: plan.id, task, ranges: [...names], parts };
}

async function readPart(
  building: string,
  origin: RangeReader,
  plan: FrozenRange,
  { range, first, end }: Share,
): Promise<PartOfRange> {
  const folder = join(building, 'parts');
  makeFolder(folder);
  const pieces = piecesOf(plan).slice(first, end);
  const read = await origin.readTasks(pieces, (i) => join(folder, `${range}-${first + i}`));
  const results = read.map((result) => relativeTo(building, result));
  const files = [];
  for (const path of workFilesOf(results)) {
    const file = join(building, path);
    files.push({ path, bytes: sizeOf(file)!, sha256: await hashFile(file) });
  }
  return { range, first, results, files };
}

function clientsOf(plan: FrozenPlan, shares: readonly Share[]): number {
  const byName = rangesByName(plan);
  return shares
    .flatMap(({ range, first, end }) => piecesOf(byName.get(range)!).slice(first, end))
    .reduce((sum, piece) => sum + piece.length, 0);
}
