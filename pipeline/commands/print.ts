import { showControls } from '../base/text.js';

/**
 * Writes text, with its control characters made visible, to stdout; waits where its reader is slower. Does not fail where
 * stdout is lost: the entry of the program hears of that, and tells.
 */
export async function print(text: string): Promise<void> {
  const { stdout } = process;
  if (stdout.write(showControls(text))) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      for (const event of EVENTS) stdout.off(event, done);
      resolve();
    };
    for (const event of EVENTS) stdout.on(event, done);
  });
}

const EVENTS = ['drain', 'error', 'close'] as const;
