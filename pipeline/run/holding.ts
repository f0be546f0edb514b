import { setTimeout as sleep } from 'node:timers/promises';
import { VerificationError } from '../base/fault.js';
import {
  openOutput,
  type HeldFolder,
  type OutputFolder,
  type OutputSettings,
} from '../snapshot/output-folder.js';
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
  const open = async (settings: OutputSettings) => {
    const output = await openOutput(out, settings);
    if (!output.hasLinks)
      context.log.info(
        `the file system of ${out} has no symbolic links: ${POINTER_FILE} names the current snapshot`,
      );
    return output;
  };
  return holding(out, context, open, use, onFault);
}

/** As holdingOutput, of any folder. @param open takes it */
export async function holding<Folder extends HeldFolder, T>(
  path: string,
  context: RunContext,
  open: (settings: OutputSettings) => Promise<Folder>,
  use: (folder: Folder) => Promise<T>,
  onFault: (fault: unknown) => void = () => undefined,
): Promise<T> {
  const folder = await opened(path, context, open);
  try {
    return await use(folder);
  } catch (error) {
    const fault = await faultOf(error, folder, context.signal);
    onFault(fault);
    throw fault;
  } finally {
    folder.close();
  }
}

async function faultOf(error: unknown, folder: HeldFolder, signal: AbortSignal): Promise<unknown> {
  try {
    // Whatever broke because the run was stopped, or its output taken away, is not worth telling.
    throwIfStopped(signal);
    // A folder that is being removed loses its files one by one, the lock perhaps last.
    if (error instanceof VerificationError) await sleep(REMOVAL_MS);
    folder.assertHeld();
    // What a reader could not verify must not be taken up again.
    if (error instanceof VerificationError) folder.discard();
    return asWriteFault(error, folder.path);
  } catch (why) {
    return why;
  }
}

async function opened<Folder>(
  path: string,
  { now, signal, log, lockPace }: RunContext,
  open: (settings: OutputSettings) => Promise<Folder>,
): Promise<Folder> {
  try {
    const onWait = (sentence: string) => {
      log.info(sentence);
    };
    const onMended = (sentence: string) => {
      log.warn(sentence);
    };
    return await open({ now: now(), signal, onWait, onMended, pace: lockPace });
  } catch (error) {
    throwIfStopped(signal);
    throw asWriteFault(error, path);
  }
}
