import { MessageChannel, receiveMessageOnPort, SHARE_ENV, Worker } from 'node:worker_threads';
import type { Answer, Command } from './cli-thread.js';

/**
 * Commands of the bundled program without a process for each: to start it, and to compile again what it runs, takes longer
 * than most commands do in a test.
 */

/** Longer than any command takes; one that brings down its thread never answers. */
const MOST_MS = 300_000;

let thread: Worker | undefined;

/**
 * Does a command in a thread that lives as long as this process, and waits for its end.
 * @param cwd the folder in which it is given: of the whole process, which does nothing else meanwhile
 */
export function commandInThread(args: readonly string[], cwd = process.cwd()): Answer {
  const before = process.cwd();
  process.chdir(cwd);
  try {
    return answerOf(args);
  } finally {
    process.chdir(before);
  }
}

function answerOf(args: readonly string[]): Answer {
  thread ??= startThread();
  const { port1, port2: port } = new MessageChannel();
  const isDone = new Int32Array(new SharedArrayBuffer(4));
  const command: Command = { args, port, isDone };
  thread.postMessage(command, [port]);
  const outcome = Atomics.wait(isDone, 0, 0, MOST_MS);
  const received = receiveMessageOnPort(port1) as { readonly message: Answer } | undefined;
  port1.close();
  if (received === undefined) throw new Error(`omidb-etl ${args.join(' ')}: no answer (${outcome})`);
  return received.message;
}

function startThread(): Worker {
  const started = new Worker(new URL('./cli-thread.js', import.meta.url), {
    env: SHARE_ENV,
    workerData: null,
  });
  // No process waits for it.
  started.unref();
  return started;
}
