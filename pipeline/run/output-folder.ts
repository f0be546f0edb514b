import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { EnvironmentFault } from '../base/fault.js';
import { checkCurrent, finishPublishing } from '../stages/publish.js';
import { acquireLock } from './lock.js';
import { currentFolder, listRunIds, readCurrent, type PublishedSnapshot } from './published.js';
import { listReceipts, readReceipt, receiptFiles } from './receipts.js';

/** The output folder while this run holds it. */
export interface OutputFolder {
  /** Folder of the snapshot that is being built; may hold finished ranges of an interrupted run. */
  readonly building: string;
  /** For what is needed only until then. */
  readonly work: string;
  /** The snapshot that `current` points to; null when there is none that can be read. */
  current(): PublishedSnapshot | null;
  /** Removes from the snapshot being built whatever is not a finished part of one of these ranges. */
  keepOnly(ranges: ReadonlySet<string>): void;
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
  try {
    mkdirSync(join(out, 'snapshots'), { recursive: true });
    accessSync(join(out, 'snapshots'), constants.W_OK);
    accessSync(out, constants.W_OK);
  } catch (error) {
    throw new EnvironmentFault(
      `${out} cannot be written to (${reason(error, out)}): give another folder with --out`,
    );
  }
  checkCurrent(out);
  const lock = acquireLock(out, now);
  try {
    finishPublishing(out);
    removeLeftovers(out);
    rmSync(work, { recursive: true, force: true });
    mkdirSync(building, { recursive: true });
    mkdirSync(work, { recursive: true });
  } catch (error) {
    lock.release();
    throw error;
  }
  return {
    building,
    work,
    current: () => readCurrent(out),
    keepOnly: (ranges) => {
      keepOnly(building, ranges);
    },
    prune: (keep) => {
      prune(out, keep);
    },
    discard: () => {
      rmSync(building, { recursive: true, force: true });
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

function tidy(base: string, work: string, building: string): void {
  rmSync(work, { recursive: true, force: true });
  if (!hasReceipts(building)) rmSync(base, { recursive: true, force: true });
}

function hasReceipts(building: string): boolean {
  return listReceipts(building).length > 0;
}

/** Files and links under temporary names, and snapshots whose removal was interrupted. */
function removeLeftovers(out: string): void {
  for (const name of readdirSync(out)) {
    if (/^\.(current-|trash-|lock\.)/.test(name)) rmSync(join(out, name), { recursive: true, force: true });
  }
}

function keepOnly(building: string, ranges: ReadonlySet<string>): void {
  const wanted = new Set<string>();
  for (const range of listReceipts(building)) {
    const receipt = ranges.has(range) ? readReceipt(building, range) : null;
    if (receipt === null) continue;
    for (const path of receiptFiles(receipt)) wanted.add(join(building, path));
  }
  for (const entry of readdirSync(building, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isDirectory() && !wanted.has(path)) rmSync(path);
  }
}

/** A snapshot is renamed before it is removed: under its own name it is there whole, or not at all. */
function prune(out: string, keep: number): void {
  const folder = join(out, 'snapshots');
  const current = currentFolder(out);
  // What this program did not make is not its to remove, so only names of runs.
  const names = listRunIds(out);
  const surplus = names.slice(0, Math.max(0, names.length - keep));
  for (const name of surplus) {
    if (realpathSync(join(folder, name)) === current) continue;
    const trash = join(out, `.trash-${name}`);
    renameSync(join(folder, name), trash);
    rmSync(trash, { recursive: true, force: true });
  }
}

function reason(error: unknown, out: string): string {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  const file = fileOnTheWay(join(out, 'snapshots'));
  if (file !== null) return `${file} is a file, not a folder`;
  return (
    { EACCES: 'no permission', EROFS: 'the file system is read-only', ENOSPC: 'the disk is full' }[code] ??
    code
  );
}

/** The first part of a path that is there and is no folder; null when there is none. */
function fileOnTheWay(path: string): string | null {
  for (let part = path; part !== dirname(part); part = dirname(part)) {
    try {
      return statSync(part).isDirectory() ? null : part;
    } catch {
      // Not there, or below a file: its parent tells.
    }
  }
  return null;
}

const WRITE_ERRORS: Readonly<Record<string, string>> = {
  ENOSPC: 'is on a disk that is full',
  EDQUOT: 'is on a disk whose quota is used up',
  EROFS: 'is on a read-only file system',
  EIO: 'is on a disk that reports an error',
  EACCES: 'cannot be written to (no permission)',
  EPERM: 'cannot be written to (no permission)',
  ENOENT: 'was removed, or a part of it, while the run was writing to it',
};

/** Errors of writing that are the environment's: one sentence for the user instead of a stack. */
export function asEnvironmentFault(error: unknown, out: string): unknown {
  const message = error instanceof Error ? error.message : '';
  // A worker's error, and DuckDB's, come as text.
  const named =
    (error as NodeJS.ErrnoException | null)?.code ??
    (message.includes('No space left on device') ? 'ENOSPC' : /\bE[A-Z]{2,}\b/.exec(message)?.[0]);
  // Making a folder and those above it on a read-only file system fails with ENOENT.
  const code = named === 'ENOENT' ? (accessError(out) ?? named) : named;
  const what = WRITE_ERRORS[code ?? ''];
  if (what === undefined || error instanceof EnvironmentFault) return error;
  // What has a meaning only for the output must be about it.
  const isWriting = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EROFS' || message.includes(out);
  if (!isWriting) return error;
  return new EnvironmentFault(
    `${out} ${what}: nothing was published and the last snapshot is as it was; ${remedy(code!)} and run again`,
  );
}

function remedy(code: string): string {
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'make room' : 'put that right';
}

/** Why a folder cannot be written to; null when it can. */
function accessError(folder: string): string | null {
  try {
    accessSync(folder, constants.W_OK);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? null;
  }
}
