import { parentPort } from 'node:worker_threads';
import { serialiseError, type SerialisedError } from '../base/fault.js';
import { emptyHeap } from './empty-heap.js';

/** How tasks go to worker threads, and results come back. */

/** Tasks by their name, with what they are told and what they answer; all of it can be cloned. */
export type Protocol<P> = { [Name in keyof P]: { task: unknown; result: unknown } };

/** A function for each task. */
export type Handlers<P extends Protocol<P>> = {
  readonly [Name in keyof P]: (task: P[Name]['task']) => P[Name]['result'] | Promise<P[Name]['result']>;
};

/** What a worker is sent first: it may be started before it is known … */
export interface WorkerSetting {
  readonly settings: unknown;
}

/** … then a task at a time … */
export interface TaskMessage {
  readonly name: string;
  readonly task: unknown;
}

/** … what it is told will come after the task that it does, to prepare for; another worker may do it in the end … */
export interface ComingTasks {
  readonly coming: readonly TaskMessage[];
}

/** … or that nothing more will come, at any time: it then ends by itself … */
export interface EndOfTasks {
  readonly end: true;
}

/** … and what it answers: the result, or the error that the task threw. */
export type WorkerAnswer = { readonly result: unknown } | { readonly error: SerialisedError };

/** What does the tasks, and is told what will probably come, each time instead of what was told before. */
export interface WorkerTasks<P extends Protocol<P>> {
  readonly handlers: Handlers<P>;
  readonly onComing: (tasks: readonly TaskMessage[]) => void;
  /** Closes what stays open between tasks; at the end of a thread Node does. */
  readonly close: () => Promise<void>;
}

/** In a worker thread: does each task that comes. @param tasksFor what does them, by the settings of the pool */
export function serveTasks<P extends Protocol<P>>(
  tasksFor: (settings: unknown) => Pick<WorkerTasks<P>, 'handlers' | 'onComing'>,
): void {
  const port = parentPort!;
  port.once('message', (first: WorkerSetting | EndOfTasks) => {
    if ('end' in first) {
      port.close();
      return;
    }
    const { handlers, onComing } = tasksFor(first.settings);
    port.on('message', (message: TaskMessage | ComingTasks | EndOfTasks) => {
      if ('end' in message) {
        port.close();
        emptyHeap();
      } else if ('coming' in message) onComing(message.coming);
      else
        void answer(handlers, message).then((answered) => {
          port.postMessage(answered);
        });
    });
  });
}

/** Does a task. What it throws is part of the answer. */
export async function answer<P extends Protocol<P>>(
  handlers: Handlers<P>,
  { name, task }: TaskMessage,
): Promise<WorkerAnswer> {
  try {
    // The pool sends no task under another's name.
    return { result: await handlers[name as keyof P](task) };
  } catch (error) {
    return { error: serialiseError(error) };
  }
}
