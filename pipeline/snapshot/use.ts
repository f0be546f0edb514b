import { basename, join } from 'node:path';
import { EnvironmentFault } from '../base/fault.js';
import { kindOf } from '../storage/names.js';
import { settleCopiedCurrent } from './copied-current.js';
import { acquireLock, type LockPace } from './lock.js';
import type { Manifest } from './manifest.js';
import { checkCurrent, finishPublishing, publish, turnCurrent } from './publish.js';
import { copiedRunId, currentFolder, REFUSED, RUN_ID } from './published.js';
import { mustReadManifest } from './read-manifest.js';
import { verifySnapshot, type Verified } from './verify-snapshot.js';

export interface UseSettings {
  readonly now: Date;
  /** Aborted when the user wants it to stop. */
  readonly signal: AbortSignal;
  /** Told when it waits for a run. */
  readonly onWait: (sentence: string) => void;
  readonly pace?: LockPace | undefined;
}

export interface Used {
  readonly manifest: Manifest;
  readonly verified: Verified;
  /** Run id of the snapshot that was current before; null when there was none. */
  readonly before: string | null;
}

/**
 * Turns `current` to a snapshot of the output, back or forward; one that a gate refused is published by that. It is verified
 * first, and nobody else may write to the output meanwhile.
 * @param recorded told when it is done, before another may write to the output
 * @throws EnvironmentFault when there is no such snapshot, or a run holds the output; VerificationError; Interrupted
 */
export async function useSnapshot(
  out: string,
  runId: string,
  settings: UseSettings,
  recorded: (used: Used) => void,
): Promise<Used> {
  placeOf(out, runId);
  if (copiedRunId(out) === null) checkCurrent(out);
  const lock = await acquireLock(out, { ...settings, building: 'none' });
  const assertHeld = () => {
    if (!lock.isHeld()) throw new EnvironmentFault(`another run took ${out} over: nothing was changed`);
  };
  try {
    settleCopiedCurrent(out);
    finishPublishing(out);
    // A run may have taken it up before the lock was taken.
    const place = placeOf(out, runId);
    const verified = await verifySnapshot(place, settings.signal);
    const manifest = mustReadManifest(place);
    const current = currentFolder(out);
    const before = current === null ? null : basename(current);
    assertHeld();
    if (place === join(out, REFUSED, runId)) await publish(place, out, runId, assertHeld);
    else if (before !== runId) turnCurrent(out, runId);
    const used = { manifest, verified, before };
    if (before !== runId) recorded(used);
    return used;
  } finally {
    lock.release();
  }
}

/** Where the snapshot lies. @throws EnvironmentFault when it is none of this output */
function placeOf(out: string, runId: string): string {
  const places = ['snapshots', REFUSED].map((folder) => join(out, folder, runId));
  const place = RUN_ID.test(runId) ? places.find((path) => kindOf(path) === 'folder') : undefined;
  if (place !== undefined) return place;
  throw new EnvironmentFault(
    `${runId} is the run id of no snapshot of ${out}: omidb-etl runs lists them, and a run takes up the one that was refused before it`,
  );
}
