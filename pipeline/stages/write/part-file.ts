import { createHash, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** What is recorded of a file when it is complete. */
export interface PartReceipt {
  /** Relative to the snapshot's folder. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
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
    closeSync(this.descriptor);
    renameSync(this.temporary, this.path);
    return { bytes: this.bytes, sha256: this.hash.digest('hex') };
  }

  /** Gives the file up, leaving nothing behind. */
  abandon(): void {
    closeSync(this.descriptor);
    rmSync(this.temporary, { force: true });
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
