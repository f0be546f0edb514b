import { workerData } from 'node:worker_threads';
import { findDamaged } from '../snapshot/receipts.js';
import { LocalSource } from '../source/local-source.js';
import { AheadSource } from '../source/ahead-source.js';
import { ClientsAhead, type Purpose } from '../stages/clients-ahead.js';
import { Stamp } from '../stages/stamp.js';
import { walkClient } from '../stages/walk.js';
import { serveTasks, type TaskMessage, type WorkerTasks } from './protocol.js';
import type { TableTasks } from './table-tasks.js';
import { POOL_THREAD } from './worker-thread.js';
import type { ClientsTask, Tasks, WorkerSettings } from './tasks.js';

/** What a worker thread does, one task at a time; the thread of the run itself where there are no others (here-pool.ts). */
export function workerTasks(settings: WorkerSettings): WorkerTasks<Tasks> {
  const local = new LocalSource(settings.roots, settings.followLinks, settings.rootIds);
  const source = new AheadSource(local, settings.ahead, () => performance.now());
  const ahead = new ClientsAhead(source);
  let loading: Promise<TableTasks> | undefined;
  /** Loaded for the first task that needs them: a run in which nothing changed has none. */
  const tableTasks = () => {
    loading ??= import('./table-tasks.js').then((module) => new module.TableTasks(settings, ahead));
    return loading;
  };
  return {
    handlers: {
      stamp: (task) => stampClients(task, ahead),
      check: ({ folder, files }) => findDamaged(folder, files),
      read: async (task) => (await tableTasks()).read(task),
      plan: async (task) => (await tableTasks()).plan(task),
      encode: async (task) => (await tableTasks()).encode(task),
      codes: async (task) => (await tableTasks()).codes(task),
      splits: async (task) => (await tableTasks()).splits(task),
      side: async (task) => (await tableTasks()).side(task),
    },
    onComing: (tasks) => {
      expectClients(tasks, ahead);
    },
    close: async () => {
      (await loading)?.close();
    },
  };
}

/** The stamp of clients, in the order given. */
async function stampClients({ clients }: ClientsTask, ahead: ClientsAhead): Promise<string> {
  const stamp = new Stamp();
  await ahead.each(clients, 'stamp', (client) => {
    stamp.add(client.id, walkClient(client, ahead.source, true));
  });
  return stamp.digest();
}

/** The pool tells of tasks about clients only, and they are named after what they are for. */
function expectClients(tasks: readonly TaskMessage[], ahead: ClientsAhead): void {
  ahead.expect(
    tasks.map(({ name, task }) => ({ purpose: name as Purpose, clients: (task as ClientsTask).clients })),
  );
}

// Else this is the thread of the run itself, whatever thread that is.
if (workerData === POOL_THREAD) serveTasks((settings) => workerTasks(settings as WorkerSettings));
