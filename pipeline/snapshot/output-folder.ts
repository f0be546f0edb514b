import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { EnvironmentFault } from '../base/fault.js';
import type { Formats } from '../stages/write/formats.js';
import { assertWritable, makeFolder, removeTree } from '../storage/folders.js';
import { pointTo } from '../storage/names.js';
import { settleCopiedCurrent } from './copied-current.js';
import { removeLeftovers, takeUpBuilding } from './leftovers.js';
import { keepOnly } from './keep-only.js';
import { acquireLock, type Lock, type LockPace } from './lock.js';
import { mendCurrent } from './mend-current.js';
import { pruneSnapshots } from './prune.js';
import { checkCurrent, finishPublishing, publish, type Publication } from './publish.js';
import { copiedRunId, currentFolder, readCurrent, type PublishedSnapshot } from './published.js';
import { keepRefused } from './refused.js';
import { listReceipts, type RangeReceipt } from './receipts.js';
import { cannotWriteTo } from './write-fault.js';

/** A folder that this process holds, and no other writes to. */
export interface HeldFolder {
  readonly path: string;
  /** Gives up what was built. */
  discard(): void;
  /** @throws EnvironmentFault when the folder was removed, or another run took it over because this one seemed dead */
  assertHeld(): void;
  /** Lets the next run in. */
  close(): void;
}

/** The output folder while this run holds it. */
export interface OutputFolder extends HeldFolder {
  /** Folder of the snapshot that is being built, this run's own; may hold finished ranges of an interrupted run. */
  readonly building: string;
  /** For what is needed only until then. */
  readonly work: string;
  /** False where the file system has no symbolic links: a file names the current snapshot then. */
  readonly hasLinks: boolean;
  /** The snapshot that `current` points to; null when there is none that can be read. */
  current(): PublishedSnapshot | null;
  /** True when `current` points to a folder, whether its snapshot can be read or not. */
  hasCurrent(): boolean;
  /** Removes from the snapshot being built whatever is not of one of these formats, and of a finished range that is wanted. */
  keepOnly(isWanted: (range: RangeReceipt) => boolean, formats: Formats): void;
  /** Publishes what was built (see publish). */
  publish(runId: string): Promise<Publication>;
  /** Puts what was built, complete, to `refused/<run id>`, where it stays until the next run. */
  refuse(runId: string): Promise<void>;
  /** Removes the oldest snapshots, so that at most `keep` are left; never the current one. */
  prune(keep: number): void;
}

export interface OutputSettings {
  readonly now: Date;
  /** Aborted when the user wants the run to stop. */
  readonly signal: AbortSignal;
  /** Told when the run waits for another. */
  readonly onWait: (sentence: string) => void;
  /** Told what was put right in the folder. */
  readonly onMended: (sentence: string) => void;
  readonly pace?: LockPace | undefined;
}

/**
 * Opens the output folder for a run, and takes its lock.
 * @throws EnvironmentFault when the folder cannot be made or written to, or another run holds it; AbortError
 */
export async function openOutput(out: string, settings: OutputSettings): Promise<OutputFolder> {
  const name = `.building-${randomBytes(6).toString('hex')}`;
  const base = join(out, 'snapshots', name);
  const work = join(base, 'work');
  makeWritable(out);
  if (copiedRunId(out) === null) checkCurrent(out);
  const lock = await acquireLock(out, { ...settings, building: name });
  try {
    const settled = settleCopiedCurrent(out);
    if (settled !== null) settings.onMended(settled);
    finishPublishing(out);
    const mended = await mendCurrent(out, settings.signal);
    if (mended !== null) settings.onMended(mended);
    removeLeftovers(out);
    takeUpBuilding(out, base);
    removeTree(work);
    makeFolder(join(base, 'snapshot'));
    makeFolder(work);
    return new HeldOutput(out, base, lock, pointTo('snapshot', join(work, 'link')));
  } catch (error) {
    lock.release();
    throw error;
  }
}

class HeldOutput implements OutputFolder {
  readonly building: string;
  readonly work: string;

  constructor(
    readonly path: string,
    private readonly base: string,
    private readonly lock: Lock,
    readonly hasLinks: boolean,
  ) {
    this.building = join(base, 'snapshot');
    this.work = join(base, 'work');
  }

  current(): PublishedSnapshot | null {
    return readCurrent(this.path);
  }

  hasCurrent(): boolean {
    return currentFolder(this.path) !== null;
  }

  keepOnly(isWanted: (range: RangeReceipt) => boolean, formats: Formats): void {
    keepOnly(this.building, isWanted, formats);
  }

  publish(runId: string): Promise<Publication> {
    return publish(this.building, this.path, runId, () => {
      this.assertHeld();
    });
  }

  async refuse(runId: string): Promise<void> {
    this.assertHeld();
    await keepRefused(this.building, this.path, runId);
  }

  prune(keep: number): void {
    pruneSnapshots(this.path, keep, () => this.lock.isHeld());
  }

  discard(): void {
    removeTree(this.building);
  }

  assertHeld(): void {
    if (this.lock.isHeld()) return;
    throw new EnvironmentFault(
      `${this.path} was removed or taken over by another run while this one was writing to it: this run published nothing`,
    );
  }

  close(): void {
    try {
      const { base, building, work, lock } = this;
      // What a run that took over did not take is nobody's.
      if (!lock.isHeld() || listReceipts(building).length === 0) removeTree(base);
      else removeTree(work);
      lock.release();
    } catch {
      // A disk that lets nothing be removed: the next run does it. What ended this one is what the user must hear.
    }
  }
}

function makeWritable(out: string): void {
  const snapshots = join(out, 'snapshots');
  try {
    // What it will hold is of patients.
    makeFolder(out, 0o750);
    makeFolder(snapshots);
    assertWritable(snapshots);
    assertWritable(out);
  } catch (error) {
    throw cannotWriteTo(out, error);
  }
}
