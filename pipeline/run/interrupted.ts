import { Interrupted } from '../base/fault.js';

const stopped = () => new Interrupted('stopped; nothing was published');

export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw stopped();
}

/** Rejects when the user stops the run. */
export function interruption(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => {
      reject(stopped());
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
