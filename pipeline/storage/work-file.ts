import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** Files of a run's work folder: not forced to the disk, and written anew when they are there. */

/** Writes pieces one after the other. @throws the file system's error */
export class WorkFile {
  private readonly descriptor: number;

  constructor(path: string) {
    this.descriptor = openSync(path, 'w');
  }

  write(piece: Uint8Array): void {
    for (let done = 0; done < piece.length;) done += writeSync(this.descriptor, piece, done);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** So many characters of lines wait to be written, about. */
const LINES_AT_ONCE = 1 << 16;

/** A work file of lines, however many: few of them are in memory. */
export class LineFile {
  /** Lines so far. */
  rows = 0;
  private readonly file: WorkFile;
  private waiting = '';

  constructor(path: string) {
    this.file = new WorkFile(path);
  }

  add(line: string): void {
    this.rows++;
    this.waiting += `${line}\n`;
    if (this.waiting.length > LINES_AT_ONCE) this.flush();
  }

  /** Writes what waits, and closes the file. */
  finish(): void {
    this.flush();
    this.file.close();
  }

  private flush(): void {
    this.file.write(Buffer.from(this.waiting));
    this.waiting = '';
  }
}

/**
 * Fills `target` with the bytes of a file at `offset`.
 * @returns how many bytes there were
 * @throws the file system's error
 */
export function readPiece(path: string, offset: number, target: Buffer): number {
  const file = openSync(path, 'r');
  try {
    let done = 0;
    while (done < target.length) {
      const count = readSync(file, target, done, target.length - done, offset + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  } finally {
    closeSync(file);
  }
}
