import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { EnvironmentFault, UsageFault } from '../../pipeline/base/fault.js';
import { without } from '../../pipeline/base/without.js';
import type { FrozenPlan } from '../../pipeline/cluster/frozen-plan.js';
import { writePlan } from '../../pipeline/cluster/plan-file.js';
import { runTask } from '../../pipeline/cluster/run-task.js';
import { NO_PROGRESS } from '../../pipeline/run/progress.js';
import { removeTasks } from '../../pipeline/snapshot/task-folder.js';
import {
  copyOutput,
  leftovers,
  results,
  runHere,
  scratchFolder,
  snapshots,
  threeRanges,
} from '../crash/helpers.js';
import { filesBelow } from '../sample/tree.js';
import { busyTasks, contextHere, mergeHere, planHere, processHere, taskHere } from './helpers.js';

const scratch = scratchFolder();
const database = join(scratch, 'db');
/** A plan of three tasks, a range each, none done; and with all done. */
const planned = join(scratch, 'planned');
const allDone = join(scratch, 'all-done');
let plan: FrozenPlan;
let expected: Record<string, string>;

before(async () => {
  threeRanges(database);
  plan = await planHere(database, planned, 3);
  copyOutput(planned, allDone);
  for (const task of busyTasks(plan)) await taskHere(allDone, task);
  const alone = join(scratch, 'alone');
  await runHere(database, alone);
  expected = results(alone);
});

let count = 0;
function copyOf(out: string): string {
  const copy = join(scratch, `copy-${count++}`);
  copyOutput(out, copy);
  return copy;
}

const doneFolder = (out: string, task: number) => join(out, 'tasks', plan.id, String(task), 'done');
const says =
  (...patterns: RegExp[]) =>
  (error: unknown) => {
    assert.ok(error instanceof EnvironmentFault, String(error));
    for (const pattern of patterns) assert.match(error.message, pattern);
    return true;
  };

/** Puts another plan in the place of that of an output. */
function changePlan(out: string, change: Partial<FrozenPlan>): FrozenPlan {
  return writePlan(out, { ...without(plan, ['id']), ...change }, new Date());
}

describe('merge', () => {
  test('names the tasks that are not done, publishes nothing, and goes on when they are', async () => {
    const out = copyOf(allDone);
    rmSync(doneFolder(out, 0), { recursive: true });
    rmSync(doneFolder(out, 2), { recursive: true });
    await assert.rejects(
      mergeHere(out),
      says(/^2 of 3 tasks of plan \w+ are not done: 0,2:/, /run-task --task/),
    );
    assert.deepEqual(snapshots(out), []);
    for (const task of [2, 0]) await taskHere(out, task);
    await mergeHere(out);
    assert.deepEqual(results(out), expected);
    assert.deepEqual(leftovers(out), []);
  });

  test('takes no output of another plan, or of another task, for one of its own', async () => {
    const out = copyOf(allDone);
    const other = changePlan(out, { leftOut: ['optm99999'] });
    renameSync(join(out, 'tasks', plan.id), join(out, 'tasks', other.id));
    await assert.rejects(mergeHere(out), says(/3 of 3 tasks .* 0-2/));
    const swapped = copyOf(allDone);
    rmSync(doneFolder(swapped, 1), { recursive: true });
    renameSync(doneFolder(swapped, 0), doneFolder(swapped, 1));
    await assert.rejects(mergeHere(swapped), says(/2 of 3 tasks .* 0-1/));
  });

  for (const ending of ['.parquet', '.mismatches.jsonl'])
    test(`says whose output is damaged (${ending}); the task, repeated, mends it`, async () => {
      const out = copyOf(allDone);
      const file = filesBelow(doneFolder(out, 1)).find((path) => path.endsWith(ending))!;
      writeFileSync(join(doneFolder(out, 1), file), 'other');
      await assert.rejects(mergeHere(out), says(/of task 1 is not as it was written/, /run-task --task 1/));
      assert.deepEqual(snapshots(out), []);
      assert.equal((await taskHere(out, 0)).wasDone, true);
      assert.equal((await taskHere(out, 1)).wasDone, false);
      await mergeHere(out);
      assert.deepEqual(results(out), expected);
    });

  test('is refused when another snapshot is current than when the plan was made; planned again, it is not', async () => {
    const out = copyOf(allDone);
    await runHere(database, out);
    const current = snapshots(out);
    await assert.rejects(mergeHere(out), says(/has another current snapshot/, /plan again/));
    assert.deepEqual(snapshots(out), current);
    assert.deepEqual(busyTasks(await planHere(database, out, 3)), []);
    assert.equal((await mergeHere(out)).changed, false);
    assert.deepEqual(leftovers(out), []);
  });

  test('that died after it had published is repeated: nothing is published again, and the tasks go', async () => {
    const out = copyOf(allDone);
    const tasks = join(scratch, 'kept-tasks');
    cpSync(join(out, 'tasks'), tasks, { recursive: true });
    const { runId } = await mergeHere(out);
    renameSync(tasks, join(out, 'tasks'));
    const again = await mergeHere(out);
    assert.deepEqual([again.changed, again.runId], [false, runId]);
    assert.deepEqual(leftovers(out), []);
  });

  test('without a plan says so', async () => {
    await assert.rejects(mergeHere(join(scratch, 'nowhere')), says(/nowhere has no plan/));
  });
});

describe('a task', () => {
  test('of a plan that the output has no more is refused, and so is one that there is not', async () => {
    const settings = processHere(planned);
    await assert.rejects(
      runTask(0, '0123456789abcdef', settings, contextHere()),
      says(/and not 0123456789abcdef/),
    );
    await assert.rejects(
      runTask(3, plan.id, settings, contextHere()),
      (error) => error instanceof UsageFault && /has 0 to 2/.test(error.message),
    );
  });

  test('of another program is refused, by merge too', async () => {
    const out = copyOf(planned);
    changePlan(out, { program: '0'.repeat(64) });
    await assert.rejects(taskHere(out, 0), says(/was made by another build/, /plan again/));
    await assert.rejects(mergeHere(out), says(/was made by another build/));
  });

  test('on another database of the same path is refused, an empty folder too', async () => {
    const [away, data] = [join(scratch, 'away'), join(database, 'data')];
    renameSync(data, away);
    try {
      for (const isEmpty of [false, true]) {
        if (isEmpty) mkdirSync(data);
        else cpSync(away, data, { recursive: true });
        const out = copyOf(planned);
        await assert.rejects(taskHere(out, 0), says(/data is another folder than the plan was made of/));
        assert.equal(existsSync(doneFolder(out, 0)), false);
        rmSync(data, { recursive: true });
      }
      await assert.rejects(taskHere(copyOf(planned), 0), says(/data cannot be listed/));
    } finally {
      renameSync(away, data);
    }
  });

  test('is done where the file system numbers the same folders otherwise, for its clients are as they were', async () => {
    const out = copyOf(planned);
    const other = changePlan(out, { rootInodes: { data: '1', images: '2', nbss: null } });
    for (const task of busyTasks(other)) await taskHere(out, task);
    await mergeHere(out);
    assert.deepEqual(results(out), expected);
  });

  test('done by two at a time is done by one of them, the other is told', async () => {
    const out = copyOf(planned);
    const ends = await Promise.allSettled([taskHere(out, 0), taskHere(out, 0)]);
    const failed = ends.filter((end) => end.status === 'rejected');
    assert.equal(failed.length, 1);
    says(/another run (writes|has just started to write) to .*tasks.*0/)(failed[0]!.reason);
    assert.equal((await taskHere(out, 0)).wasDone, true);
  });

  test('after merge, or of a plan that goes while it reads, does no harm', async () => {
    const out = copyOf(allDone);
    await mergeHere(out);
    await assert.rejects(taskHere(out, 0), says(/has no plan/));
    assert.deepEqual(leftovers(out), []);
    const late = copyOf(planned);
    const progress = {
      ...NO_PROGRESS,
      advance: () => {
        removeTasks(late, null);
      },
    };
    await assert.rejects(taskHere(late, 0, { progress }), says(/was removed or taken over/));
    assert.deepEqual(leftovers(late), []);
  });
});

describe('a task that somebody on another machine began', () => {
  const pace = { beatMs: 20, silentMs: 400 };

  /** A lock as it is written on a machine whose processes cannot be asked. */
  function lockOfAnother(out: string): string {
    const folder = join(out, 'tasks', plan.id, '0');
    mkdirSync(folder, { recursive: true });
    const lock = join(folder, '.lock');
    const holder = { pid: 1, host: 'elsewhere', since: '2026-01-02', processStart: '1', space: 'x' };
    writeFileSync(lock, JSON.stringify({ ...holder, building: '.building-0123456789ab', nonce: 'n' }));
    return lock;
  }

  test('and is alive is left alone: no number of a process there means anything here', async () => {
    const out = copyOf(planned);
    const lock = lockOfAnother(out);
    let time = 1_700_000_000;
    const beat = setInterval(() => {
      utimesSync(lock, time, time++);
    }, pace.beatMs);
    try {
      await assert.rejects(taskHere(out, 0, { lockPace: pace }), says(/process 1 on elsewhere/));
    } finally {
      clearInterval(beat);
    }
  });

  test('and is silent is taken over, and its half-written files are not taken', async () => {
    const out = copyOf(allDone);
    const folder = join(out, 'tasks', plan.id, '0');
    const building = join(folder, '.building-0123456789ab');
    mkdirSync(building);
    renameSync(join(folder, 'done'), join(building, 'snapshot'));
    const part = filesBelow(join(building, 'snapshot')).find((path) => path.includes('tables/images/'))!;
    truncateSync(join(building, 'snapshot', part), 100);
    lockOfAnother(out);
    assert.equal((await taskHere(out, 0, { lockPace: pace })).wasDone, false);
    assert.deepEqual(readdirSync(folder), ['done']);
    await mergeHere(out);
    assert.deepEqual(results(out), expected);
  });
});
