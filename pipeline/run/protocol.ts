import { parentPort } from 'node:worker_threads';
import { serialiseError, type SerialisedError } from '../base/fault.js';

/** How tasks go to worker threads, and results come back. */

/** Tasks by their name, with what they are told and what they answer; all of it can be cloned. */
export type Protocol<P> = { [Name in keyof P]: { task: unknown; result: unknown } };

/** A function for each task. */
export type Handlers<P extends Protocol<P>> = {
  readonly [Name in keyof P]: (task: P[Name]['task']) => P[Name]['result'] | Promise<P[Name]['result']>;
};

/** What a worker is sent … */
export interface TaskMessage {
  readonly name: string;
  readonly task: unknown;
}

/** … what it is told will come after the task that it does, to prepare for; another worker may do it in the end … */
export interface ComingTasks {
  readonly coming: readonly TaskMessage[];
}

/** … and what it answers: the result, or the error that the task threw. */
export type WorkerAnswer = { readonly result: unknown } | { readonly error: SerialisedError };

/**
 * In a worker thread: does each task that comes.
 * @param onComing told of tasks that will probably come, each time instead of those before
 */
export function serveTasks<P extends Protocol<P>>(
  handlers: Handlers<P>,
  onComing: (tasks: readonly TaskMessage[]) => void = () => undefined,
): void {
  parentPort!.on('message', (message: TaskMessage | ComingTasks) => {
    if ('coming' in message) onComing(message.coming);
    else void answer(handlers, message);
  });
}

async function answer<P extends Protocol<P>>(
  handlers: Handlers<P>,
  { name, task }: TaskMessage,
): Promise<void> {
  let message: WorkerAnswer;
  try {
    // The pool sends no task under another's name.
    message = { result: await handlers[name as keyof P](task) };
  } catch (error) {
    message = { error: serialiseError(error) };
  }
  parentPort!.postMessage(message);
}
