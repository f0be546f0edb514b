import { workerData } from 'node:worker_threads';
import { findDamage } from '../snapshot/receipts.js';
import { LocalSource } from '../source/local-source.js';
import { stampClients } from '../stages/stamp.js';
import { serveTasks } from './protocol.js';
import type { TableTasks } from './table-tasks.js';
import type { Tasks, WorkerSettings } from './tasks.js';

/** A worker thread: one task at a time. */

const settings = workerData as WorkerSettings;
const source = new LocalSource(settings.roots, settings.followLinks, settings.rootIds);

let loading: Promise<TableTasks> | undefined;

/** Loaded for the first task that needs them: a run in which nothing changed has none. */
function tableTasks(): Promise<TableTasks> {
  loading ??= import('./table-tasks.js').then((module) => new module.TableTasks(settings, source));
  return loading;
}

serveTasks<Tasks>({
  stamp: ({ clients }) => stampClients(clients, source),
  check: ({ snapshot, receipt }) => findDamage(snapshot, receipt),
  read: async (task) => (await tableTasks()).read(task),
  plan: async (task) => (await tableTasks()).plan(task),
  encode: async (task) => (await tableTasks()).encode(task),
  codes: async (task) => (await tableTasks()).codes(task),
  splits: async (task) => (await tableTasks()).splits(task),
  side: async (task) => (await tableTasks()).side(task),
});
