import { createHash, type Hash } from 'node:crypto';
import { closeSync, copyFileSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './folders.js';

/** Files that others read: each gets its name when it is complete. */

/** What was written to a file. */
export interface Written {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * A file under a temporary name, which gets its own when it is complete: nobody ever meets half of it under its own name. Counts and hashes what is written. Makes the folders above it.
 */
export class NewFile {
  private readonly descriptor: number;
  private readonly temporary: string;
  private readonly hash: Hash = createHash('sha256');
  private bytes = 0;
  private open = true;

  constructor(private readonly path: string) {
    makeFolder(dirname(path));
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

  /** Gives it its name when it is on the disk. */
  finish(): Written {
    fsyncSync(this.descriptor);
    return this.finishUnsynced();
  }

  /** Of a folder that is brought to the disk as a whole before anybody relies on it (`syncTree`). */
  finishUnsynced(): Written {
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

/** Writes a whole file at once; it has its name when it is on the disk. */
export function writeFileWhole(path: string, content: Uint8Array): Written {
  return writeWhole(path, content, (file) => file.finish());
}

/** Writes a whole file at once, of a folder that is brought to the disk as a whole (`syncTree`). */
export function writeFileUnsynced(path: string, content: Uint8Array): Written {
  return writeWhole(path, content, (file) => file.finishUnsynced());
}

function writeWhole(path: string, content: Uint8Array, finish: (file: NewFile) => Written): Written {
  const file = new NewFile(path);
  try {
    file.write(content);
    return finish(file);
  } catch (error) {
    file.abandon();
    throw error;
  }
}

/** Copies a file into a folder that is brought to the disk as a whole (`syncTree`). */
export function copyFileWhole(from: string, to: string): void {
  const temporary = `${to}.tmp`;
  copyFileSync(from, temporary);
  renameSync(temporary, to);
}
