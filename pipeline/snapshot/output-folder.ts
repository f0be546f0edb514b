import { join } from 'node:path';
import { FORMAT_NAMES, formatNamed, type Formats } from '../stages/write/formats.js';
import { assertWritable, entriesBelow, listNames, makeFolder, removeTree } from '../storage/folders.js';
import { remove } from '../storage/names.js';
import { acquireLock } from './lock.js';
import { pruneSnapshots } from './prune.js';
import { checkCurrent, finishPublishing, publish } from './publish.js';
import { readCurrent, type PublishedSnapshot } from './published.js';
import { listReceipts, readReceipt, receiptFiles } from './receipts.js';
import { cannotWriteTo } from './write-fault.js';

/** The output folder while this run holds it. */
export interface OutputFolder {
  readonly path: string;
  /** Folder of the snapshot that is being built; may hold finished ranges of an interrupted run. */
  readonly building: string;
  /** For what is needed only until then. */
  readonly work: string;
  /** The snapshot that `current` points to; null when there is none that can be read. */
  current(): PublishedSnapshot | null;
  /** Removes from the snapshot being built whatever is not of one of these formats, and of a finished range of these. */
  keepOnly(ranges: ReadonlySet<string>, formats: Formats): void;
  /** Publishes what was built. @returns the folder of the snapshot (see publish) */
  publish(runId: string): string;
  /** Removes the oldest snapshots, so that at most `keep` are left; never the current one. */
  prune(keep: number): void;
  /** Gives up what was built. */
  discard(): void;
  /** False when the folder was removed, or another run took it over because this one seemed dead. */
  isHeld(): boolean;
  /** Lets the next run in. */
  close(): void;
}

/**
 * Opens the output folder for a run, and takes its lock.
 * @throws EnvironmentFault when the folder cannot be made or written to, or another run holds it.
 */
export function openOutput(out: string, now: Date): OutputFolder {
  const base = join(out, '.building');
  const building = join(base, 'snapshot');
  const work = join(base, 'work');
  makeWritable(out);
  checkCurrent(out);
  const lock = acquireLock(out, now);
  try {
    finishPublishing(out);
    removeLeftovers(out);
    removeTree(work);
    makeFolder(building);
    makeFolder(work);
  } catch (error) {
    lock.release();
    throw error;
  }
  return {
    path: out,
    building,
    work,
    current: () => readCurrent(out),
    keepOnly: (ranges, formats) => {
      keepOnly(building, ranges, formats);
    },
    publish: (runId) => publish(building, out, runId),
    prune: (keep) => {
      pruneSnapshots(out, keep);
    },
    discard: () => {
      removeTree(building);
    },
    isHeld: () => lock.isHeld(),
    close: () => {
      try {
        // Another run's work is not this one's to remove.
        if (lock.isHeld()) tidy(base, work, building);
        lock.release();
      } catch {
        // A disk that lets nothing be removed: the next run does it. What ended this one is what the user must hear.
      }
    },
  };
}

function makeWritable(out: string): void {
  const snapshots = join(out, 'snapshots');
  try {
    makeFolder(snapshots);
    assertWritable(snapshots);
    assertWritable(out);
  } catch (error) {
    throw cannotWriteTo(out, error);
  }
}

function tidy(base: string, work: string, building: string): void {
  removeTree(work);
  if (listReceipts(building).length === 0) removeTree(base);
}

/** Files and links under temporary names, and snapshots whose removal was interrupted. */
function removeLeftovers(out: string): void {
  for (const name of listNames(out)) {
    if (/^\.(current-|trash-|lock\.)/.test(name)) removeTree(join(out, name));
  }
}

function keepOnly(building: string, ranges: ReadonlySet<string>, formats: Formats): void {
  // An interrupted run may have been told other formats.
  for (const name of FORMAT_NAMES)
    if (!formats.includes(name)) removeTree(join(building, formatNamed(name).folder));
  const wanted = new Set<string>();
  for (const range of listReceipts(building)) {
    const receipt = ranges.has(range) ? readReceipt(building, range) : null;
    for (const path of receipt === null ? [] : receiptFiles(receipt)) wanted.add(path);
  }
  for (const { path } of entriesBelow(building)) if (!wanted.has(path)) remove(join(building, path));
}
