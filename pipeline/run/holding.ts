import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentFault, VerificationError } from '../base/fault.js';
import { openOutput, type OutputFolder } from '../snapshot/output-folder.js';
import { asWriteFault } from '../snapshot/write-fault.js';
import type { RunContext } from './context.js';
import { throwIfStopped } from './interrupted.js';

/** How long a folder that is being removed may lose its files before its lock. */
const REMOVAL_MS = 300;

/**
 * Takes the output folder for as long as `use` takes.
 * @throws what `use` throws; as a fault that says so where the run was stopped, or its output folder taken away
 */
export async function holdingOutput<T>(
  out: string,
  { now, signal }: RunContext,
  use: (output: OutputFolder) => Promise<T>,
): Promise<T> {
  const output = open(out, now());
  try {
    return await use(output);
  } catch (error) {
    // Whatever broke because the run was stopped, or its output taken away, is not worth telling.
    throwIfStopped(signal);
    // A folder that is being removed loses its files one by one, the lock perhaps last.
    if (error instanceof VerificationError) await sleep(REMOVAL_MS);
    throwIfLost(output);
    // What a reader could not verify must not be taken up again.
    if (error instanceof VerificationError) output.discard();
    throw asWriteFault(error, out);
  } finally {
    output.close();
  }
}

function open(out: string, now: Date): OutputFolder {
  try {
    return openOutput(out, now);
  } catch (error) {
    throw asWriteFault(error, out);
  }
}

/** @throws EnvironmentFault when the output folder is not this run's any more */
export function throwIfLost(output: OutputFolder): void {
  if (output.isHeld()) return;
  throw new EnvironmentFault(
    `${output.path} was removed or taken over by another run while this one was writing to it: this run published nothing`,
  );
}
