import { setTimeout as sleep } from 'node:timers/promises';
import { VerificationError } from '../base/fault.js';
import { openOutput, type OutputFolder } from '../snapshot/output-folder.js';
import { POINTER_FILE } from '../snapshot/published.js';
import { asWriteFault } from '../snapshot/write-fault.js';
import type { RunContext } from './context.js';
import { throwIfStopped } from './interrupted.js';

/** How long a folder that is being removed may lose its files before its lock. */
const REMOVAL_MS = 300;

/**
 * Takes the output folder for as long as `use` takes.
 * @param onFault told what it throws, while the folder is still held
 * @throws what `use` throws; as a fault that says so where the run was stopped, or its output folder taken away
 */
export async function holdingOutput<T>(
  out: string,
  context: RunContext,
  use: (output: OutputFolder) => Promise<T>,
  onFault: (fault: unknown) => void,
): Promise<T> {
  const output = await open(out, context);
  try {
    return await use(output);
  } catch (error) {
    const fault = await faultOf(error, output, context.signal);
    onFault(fault);
    throw fault;
  } finally {
    output.close();
  }
}

async function faultOf(error: unknown, output: OutputFolder, signal: AbortSignal): Promise<unknown> {
  try {
    // Whatever broke because the run was stopped, or its output taken away, is not worth telling.
    throwIfStopped(signal);
    // A folder that is being removed loses its files one by one, the lock perhaps last.
    if (error instanceof VerificationError) await sleep(REMOVAL_MS);
    output.assertHeld();
    // What a reader could not verify must not be taken up again.
    if (error instanceof VerificationError) output.discard();
    return asWriteFault(error, output.path);
  } catch (why) {
    return why;
  }
}

async function open(out: string, { now, signal, log, lockPace }: RunContext): Promise<OutputFolder> {
  try {
    const onWait = (sentence: string) => {
      log.info(sentence);
    };
    const onMended = (sentence: string) => {
      log.warn(sentence);
    };
    const output = await openOutput(out, { now: now(), signal, onWait, onMended, pace: lockPace });
    if (!output.hasLinks)
      log.info(`the file system of ${out} has no symbolic links: ${POINTER_FILE} names the current snapshot`);
    return output;
  } catch (error) {
    throwIfStopped(signal);
    throw asWriteFault(error, out);
  }
}
