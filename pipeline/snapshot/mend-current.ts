import { join } from 'node:path';
import { findFileFaults } from './checksums.js';
import { turnCurrent } from './publish.js';
import { currentFolder, listRunIds, readCurrent } from './published.js';
import { readManifest } from './read-manifest.js';

/**
 * Where `current` is lost, or leads to a snapshot whose manifest cannot be read, turns it to the newest snapshot of which
 * every file is as it was published, so that a run need not read all anew. The output must be this run's.
 * @param stop ends it when it is aborted
 * @returns what was done, as a sentence; null where there was nothing to do, or no such snapshot
 * @throws Interrupted; the file system's error
 */
export async function mendCurrent(out: string, stop: AbortSignal): Promise<string | null> {
  if (readCurrent(out) !== null) return null;
  const wasThere = currentFolder(out) !== null;
  for (const id of listRunIds(out).reverse()) {
    const folder = join(out, 'snapshots', id);
    if (readManifest(folder) === null || (await findFileFaults(folder, stop)).faults.length > 0) continue;
    turnCurrent(out, id);
    const why = wasThere ? 'led to a snapshot that cannot be read' : 'was lost';
    return `${join(out, 'current')} ${why}: it leads to ${id} now, the newest snapshot that is whole`;
  }
  return null;
}
