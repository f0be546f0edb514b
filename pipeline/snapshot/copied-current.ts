import { join } from 'node:path';
import { EnvironmentFault } from '../base/fault.js';
import { exists, kindOf, rename } from '../storage/names.js';
import { readText } from '../storage/read.js';
import { CHECKSUMS } from './checksums.js';
import { turnCurrent } from './publish.js';
import { copiedRunId } from './published.js';

/**
 * `current` is a folder where an output was copied by something that follows links (`cp -rL`, a share of Windows). Commands
 * read it as it is; a run makes it the link again.
 */

/**
 * Puts a copied `current` where it belongs: it becomes the snapshot that it is a copy of, or, where that is there, it is kept
 * under another name. The output must be this run's.
 * @returns what was done, as a sentence; null where `current` is no such folder
 * @throws EnvironmentFault where that would lose something; the file system's error
 */
export function settleCopiedCurrent(out: string): string | null {
  const runId = copiedRunId(out);
  if (runId === null) return null;
  const current = join(out, 'current');
  const snapshot = join(out, 'snapshots', runId);
  const isCopy = exists(snapshot);
  if (isCopy && !isSame(current, snapshot))
    throw new EnvironmentFault(
      `${current} is a folder that holds another snapshot ${runId} than ${snapshot}: move one of the two away`,
    );
  const place = isCopy ? join(out, `current.copy-${runId}`) : snapshot;
  if (kindOf(place) !== null)
    throw new EnvironmentFault(`${current} is a folder, and so is ${place}: move one of the two away`);
  turnCurrent(out, runId, () => {
    rename(current, place);
  });
  const advice = isCopy ? ', which may be removed' : '';
  return `${current} was a folder, as copies that follow links have it: it is now ${place}${advice}, and current leads to snapshots/${runId} again`;
}

/** By the checksums of all their files: a snapshot that is damaged beside them is found as any other. */
function isSame(a: string, b: string): boolean {
  try {
    return readText(join(a, CHECKSUMS)) === readText(join(b, CHECKSUMS));
  } catch {
    return false;
  }
}
