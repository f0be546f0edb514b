import { showControls } from '../base/text.js';

/** Writes text, with its control characters made visible, to stdout; see `write`. */
export function print(text: string): Promise<void> {
  return write(showControls(text));
}

/**
 * Writes text to stdout as it is; waits where its reader is slower. Does not fail where stdout is lost: the entry of the
 * program hears of that, and tells.
 */
export async function write(text: string): Promise<void> {
  const { stdout } = process;
  if (text === '' || stdout.write(text)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      for (const event of EVENTS) stdout.off(event, done);
      resolve();
    };
    for (const event of EVENTS) stdout.on(event, done);
  });
}

const EVENTS = ['drain', 'error', 'close'] as const;
