import { accessSync, constants, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EnvironmentFault } from '../omi-db/folders.js';
import { checkCurrent } from '../stages/publish.js';

/** Folders of a snapshot that is being built; they are under the output folder, so that publishing is a rename. */
export interface Building {
  /** What becomes the snapshot. */
  readonly snapshot: string;
  /** What is needed only until then. */
  readonly work: string;
  /** Removes both. */
  discard(): void;
}

/**
 * Makes the folders for a run.
 * @throws EnvironmentFault when the output folder cannot be made or written to.
 */
export function openBuilding(out: string, runId: string): Building {
  const base = join(out, '.building', runId);
  const building = {
    snapshot: join(base, 'snapshot'),
    work: join(base, 'work'),
    discard: () => {
      rmSync(base, { recursive: true, force: true });
    },
  };
  try {
    mkdirSync(join(out, 'snapshots'), { recursive: true });
    accessSync(join(out, 'snapshots'), constants.W_OK);
    mkdirSync(building.snapshot, { recursive: true });
    mkdirSync(building.work, { recursive: true });
    accessSync(out, constants.W_OK);
  } catch (error) {
    throw new EnvironmentFault(
      `${out} cannot be written to (${reason(error, out)}): give another folder with --out`,
    );
  }
  try {
    checkCurrent(out);
  } catch (error) {
    building.discard();
    throw error;
  }
  return building;
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

/** Errors of writing that are the environment's: one sentence for the user instead of a stack. */
export function asEnvironmentFault(error: unknown, out: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const message = error instanceof Error ? error.message : '';
  const name = /\b(ENOSPC|EDQUOT|EROFS)\b/.exec(code ?? message)?.[1];
  if (name === undefined) return error;
  const what = name === 'EROFS' ? 'is on a read-only file system' : 'is on a disk that is full';
  return new EnvironmentFault(
    `${out} ${what}: nothing was published and the last snapshot is as it was; make room and run again`,
  );
}
