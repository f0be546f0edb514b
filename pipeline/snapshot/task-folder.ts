import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { EnvironmentFault } from '../base/fault.js';
import { listNamesIfThere, makeFolder, removeEmptyFolder, removeTree } from '../storage/folders.js';
import { exists, kindOf, removeIfThere, rename } from '../storage/names.js';
import { syncFolder, syncTree } from '../storage/sync.js';
import { takeUpBuildingIn } from './leftovers.js';
import { acquireLock, type Lock } from './lock.js';
import type { HeldFolder, OutputSettings } from './output-folder.js';
import { listReceipts, readSealed, writeSealed } from './receipts.js';

/**
 * Where the tasks of a plan lie: `tasks/plan.jsonl`, and for each task `tasks/<plan id>/<task>/`, which has a lock of its own
 * and in which a finished task is the folder `done`. What is not finished lies under another name, and is taken up by whoever
 * repeats the task, as a run takes up the one before it (see leftovers.ts).
 */

const PLAN_ID = /^[0-9a-f]{16}$/;

export function planPath(out: string): string {
  return join(out, 'tasks', 'plan.jsonl');
}

export function taskPath(out: string, planId: string, task: number): string {
  return join(out, 'tasks', planId, String(task));
}

/** Where the output of a task lies when it is complete. */
export function donePath(out: string, planId: string, task: number): string {
  return join(taskPath(out, planId, task), DONE);
}

const DONE = 'done';
const RECEIPT = 'task.json';

/** The receipt of a finished task, as it was sealed; null where there is none that is whole. */
export function readTaskReceipt(done: string): unknown {
  return readSealed(join(done, RECEIPT));
}

/**
 * Tasks of a plan that left anything. Their folders are listed: a file server's client that was told a moment ago that a name
 * is not there asks again only then.
 */
export function begunTasks(out: string, planId: string): ReadonlySet<number> {
  const names = listNamesIfThere(join(out, 'tasks', planId)).filter((name) => /^\d{1,9}$/.test(name));
  for (const name of names) listNamesIfThere(join(out, 'tasks', planId, name));
  return new Set(names.map(Number));
}

/** Removes the tasks of all plans but one. @param planId that of the one; null to remove every plan, and the file */
export function removeTasks(out: string, planId: string | null): void {
  const tasks = join(out, 'tasks');
  for (const name of listNamesIfThere(tasks)) {
    const path = join(tasks, name);
    if (PLAN_ID.test(name) && name !== planId && kindOf(path) === 'folder') removeTree(path);
  }
  if (planId !== null) return;
  removeIfThere(planPath(out));
  removeEmptyFolder(tasks);
}

/** The folder of a task while this process holds it. */
export class TaskFolder implements HeldFolder {
  readonly building: string;
  readonly work: string;

  private constructor(
    readonly path: string,
    private readonly base: string,
    private readonly lock: Lock,
  ) {
    this.building = join(base, 'snapshot');
    this.work = join(base, 'work');
  }

  /**
   * Opens the folder of a task, and takes its lock.
   * @throws EnvironmentFault when another process does the task; AbortError; the file system's error
   */
  static async open(path: string, settings: OutputSettings): Promise<TaskFolder> {
    makeFolder(path);
    const name = `.building-${randomBytes(6).toString('hex')}`;
    const base = join(path, name);
    const lock = await acquireLock(path, { ...settings, building: name });
    try {
      takeUpBuildingIn(path, base);
      const folder = new TaskFolder(path, base, lock);
      makeFolder(folder.building);
      removeTree(folder.work);
      makeFolder(folder.work);
      return folder;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  get done(): string {
    return join(this.path, DONE);
  }

  /**
   * Gives what was built the name under which merge looks for it, with its receipt. What had that name before, and was
   * not whole, goes.
   */
  async seal(receipt: unknown): Promise<void> {
    writeSealed(join(this.building, RECEIPT), receipt);
    await syncTree(this.building);
    this.assertHeld();
    if (exists(this.done)) rename(this.done, join(this.work, DONE));
    rename(this.building, this.done);
    syncFolder(this.path);
  }

  discard(): void {
    removeTree(this.building);
  }

  assertHeld(): void {
    if (this.lock.isHeld()) return;
    throw new EnvironmentFault(
      `${this.path} was removed or taken over by another process while this one was writing to it: omidb-etl merge says whether the task is done`,
    );
  }

  close(): void {
    try {
      const isHeld = this.lock.isHeld();
      if (!isHeld || listReceipts(this.building).length === 0) removeTree(this.base);
      else removeTree(this.work);
      this.lock.release();
      // Of a plan that is gone by now, whose folders were made again by what was still being written.
      if (!isHeld) for (const above of ['.', '..', '../..']) removeEmptyFolder(join(this.path, above));
    } catch {
      // Whoever repeats the task does it. What ended this one is what the user must hear.
    }
  }
}
