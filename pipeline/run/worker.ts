import { parentPort, workerData } from 'node:worker_threads';
import { serialiseError } from '../base/fault.js';
import { LocalSource } from '../source/local-source.js';
import { stampClients } from '../stages/stamp.js';
import type { WorkerAnswer } from './pool.js';
import { findDamage } from './receipts.js';
import type { TableTasks } from './table-tasks.js';
import type { Task, TaskResult, WorkerSettings } from './tasks.js';

/** A worker thread: one task at a time. */

const settings = workerData as WorkerSettings;
const source = new LocalSource(settings.roots);

let loading: Promise<TableTasks> | undefined;

/** Loaded for the first task that needs them: a run in which nothing changed has none. */
function tableTasks(): Promise<TableTasks> {
  loading ??= import('./table-tasks.js').then((module) => new module.TableTasks(settings, source));
  return loading;
}

async function perform(task: Task): Promise<TaskResult> {
  switch (task.type) {
    case 'read':
      return (await tableTasks()).read(task);
    case 'plan':
      return (await tableTasks()).plan(task.clients);
    case 'stamp':
      return stampClients(task.clients, source);
    case 'check':
      return findDamage(task.snapshot, task.receipt);
    case 'encode':
      return (await tableTasks()).encode(task);
    case 'codes':
      return (await tableTasks()).codes(task);
  }
}

async function answer(task: Task): Promise<void> {
  let message: WorkerAnswer;
  try {
    message = { result: await perform(task) };
  } catch (error) {
    message = { error: serialiseError(error) };
  }
  parentPort!.postMessage(message);
}

parentPort!.on('message', (task: Task) => {
  void answer(task);
});
