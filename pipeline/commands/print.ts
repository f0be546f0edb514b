import { once } from 'node:events';
import { showControls } from '../base/text.js';

/** Writes text, with its control characters made visible, to stdout; waits where its reader is slower. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(showControls(text))) await once(process.stdout, 'drain');
}
