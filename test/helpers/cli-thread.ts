import fs from 'node:fs';
import { createRequire } from 'node:module';
import { parentPort, type MessagePort } from 'node:worker_threads';

/**
 * A thread that does one command of the bundled program after the other, and gives what a process would have written and
 * ended with. See in-thread.ts.
 */

export interface Command {
  readonly args: readonly string[];
  /** Where the answer goes. */
  readonly port: MessagePort;
  /** Becomes 1 when it is there. */
  readonly isDone: Int32Array;
}

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Program {
  readonly main: (args: readonly string[]) => Promise<number>;
  readonly describeFailure: (
    error: unknown,
    args: readonly string[],
  ) => { lines: string[]; exitCode: number };
}

const written = { stdout: '', stderr: '' };

function capture(name: 'stdout' | 'stderr'): void {
  process[name].write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    written[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const done = rest.at(-1);
    if (typeof done === 'function') queueMicrotask(done as () => void);
    return true;
  };
}

/** The log is written past the stream, to the descriptor. */
function captureLog(): void {
  const { writeSync } = fs;
  const captured = (descriptor: number, text: string | Uint8Array, ...rest: never[]): number => {
    if (descriptor !== 2) return writeSync(descriptor, text as string, ...rest);
    written.stderr += typeof text === 'string' ? text : Buffer.from(text).toString();
    return Buffer.byteLength(text);
  };
  fs.writeSync = captured as typeof writeSync;
}

/** As the entry of the program does it (pipeline/cli.ts). */
async function perform({ main, describeFailure }: Program, args: readonly string[]): Promise<Answer> {
  written.stdout = '';
  written.stderr = '';
  let code: number;
  try {
    code = await main(args);
  } catch (error) {
    const { lines, exitCode } = describeFailure(error, args);
    for (const line of lines) console.error(line);
    code = exitCode;
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
  return { code, ...written };
}

capture('stdout');
capture('stderr');
captureLog();
const program = createRequire(import.meta.url)('../../bundle/main.js') as Program;
parentPort!.on('message', ({ args, port, isDone }: Command) => {
  void perform(program, args).then((answer) => {
    port.postMessage(answer);
    Atomics.store(isDone, 0, 1);
    Atomics.notify(isDone, 0);
  });
});
