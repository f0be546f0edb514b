import { createHash, type Hash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** What is recorded of a file when it is complete. */
export interface PartReceipt {
  /** Relative to the snapshot's folder. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** A part of a table: its Parquet file, and its Arrow file where one is wanted. */
export interface WrittenPart {
  readonly parquet: PartReceipt;
  readonly arrow: PartReceipt | null;
}

/**
 * A file under a temporary name, which gets its own when it is complete and on the disk: nobody ever meets half of it
 * under its own name. Counts and hashes what is written.
 */
export class NewFile {
  private readonly descriptor: number;
  private readonly temporary: string;
  private readonly hash: Hash = createHash('sha256');
  private bytes = 0;
  private open = true;

  constructor(private readonly path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.temporary = `${path}.tmp`;
    this.descriptor = openSync(this.temporary, 'w');
  }

  write(content: Uint8Array): void {
    for (let done = 0; done < content.length;) {
      done += writeSync(this.descriptor, content, done, content.length - done);
    }
    this.hash.update(content);
    this.bytes += content.length;
  }

  finish(): { bytes: number; sha256: string } {
    fsyncSync(this.descriptor);
    this.close();
    renameSync(this.temporary, this.path);
    return { bytes: this.bytes, sha256: this.hash.digest('hex') };
  }

  /** Gives the file up, leaving nothing behind. */
  abandon(): void {
    this.close();
    rmSync(this.temporary, { force: true });
  }

  /** Once only: the number of a closed file may by then be that of a file of another thread. */
  private close(): void {
    if (!this.open) return;
    this.open = false;
    closeSync(this.descriptor);
  }
}

/** Copies a file; like every other it gets its name when it is complete and on the disk. */
export function copyFileWhole(from: string, to: string): void {
  const temporary = `${to}.tmp`;
  copyFileSync(from, temporary);
  syncPath(temporary);
  renameSync(temporary, to);
}

/** Sees to it that the names of all files below a folder are on the disk: that of a file is not part of the file. */
export function syncFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) syncFolders(join(folder, entry.name));
  }
  syncFolder(folder);
}

/** Sees to it that the names in a folder are on the disk. */
export function syncFolder(folder: string): void {
  try {
    syncPath(folder);
  } catch (error) {
    // Some network file systems do not know this for folders.
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EINVAL' && code !== 'ENOTSUP') throw error;
  }
}

function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes a whole file at once, under a temporary name first. */
export function writeFileWhole(path: string, content: Uint8Array): { bytes: number; sha256: string } {
  const file = new NewFile(path);
  try {
    file.write(content);
    return file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
}
