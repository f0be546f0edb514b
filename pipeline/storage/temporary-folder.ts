import { createHash } from 'node:crypto';
import { lstatSync, mkdtempSync, readdirSync, type Stats } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from './folders.js';
import { isRunning, processSpace } from './process-start.js';

/** Folders among the system's temporary ones. */

/** Whose something is, for its name: where the number of a process means something, and that number. */
export function processMark(pid: number | string = process.pid): string {
  const space = createHash('sha256').update(processSpace() ?? '').digest('hex').slice(0, 8); // prettier-ignore
  return `${space}-${pid}`;
}

/** True of the mark of a process of this machine that is dead; those of others cannot be told. */
export function isLeftBehind(mark: string): boolean {
  const pid = mark.split('-').at(-1)!;
  return mark === processMark(pid) && !isRunning(Number(pid), null);
}

function prefixOf(mark: string): string {
  return `omidb-etl-${mark}-`;
}

/**
 * Gives a new folder for as long as `use` takes. What a process that was killed left behind is removed first.
 * @throws what `use` throws, and the file system's error
 */
export async function withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  sweep();
  const folder = mkdtempSync(join(tmpdir(), prefixOf(processMark())));
  try {
    return await use(folder);
  } finally {
    removeTree(folder);
  }
}

/** Removes the folders of processes of this user that are dead; those of other machines and containers cannot be told. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, mark] = /^omidb-etl-([0-9a-f]{8}-\d+)-\w{6}$/.exec(name) ?? [];
    if (mark === undefined || !isLeftBehind(mark)) continue;
    const path = join(tmpdir(), name);
    if (isOwnFolder(lstatSync(path, { throwIfNoEntry: false }))) removeTree(path);
  }
}

function isOwnFolder(stat: Stats | undefined): boolean {
  return stat?.isDirectory() === true && stat.uid === process.getuid?.();
}
