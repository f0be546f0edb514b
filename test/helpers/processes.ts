import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any process of a test takes. */
export const MOST_MS = 300_000;

/** Options of every process that could stand still: it is killed then, and its test fails. */
export const BOUNDED = { timeout: MOST_MS, killSignal: 'SIGKILL' } as const;

const PAUSE_MS = 2;

/** Whether a process has ended by itself, or was ended by a signal. */
export function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Waits until something is so, or the process that is to bring it about has ended. */
export async function untilOrEnd(
  child: ChildProcess,
  isSo: () => boolean,
  pauseMs = PAUSE_MS,
): Promise<void> {
  while (!isSo() && !hasEnded(child)) await sleep(pauseMs);
}
