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
    return readAt(file, offset, target);
  } finally {
    closeSync(file);
  }
}

function readAt(file: number, offset: number, target: Buffer): number {
  let done = 0;
  while (done < target.length) {
    const count = readSync(file, target, done, target.length - done, offset + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

/** Work files that pieces are read from again and again: they stay open, for to open a file of a file server takes long. */
export class OpenWorkFiles {
  /** By path; the one that was used last is the last. */
  readonly #files = new Map<string, number>();

  /** @param most files that stay open */
  constructor(private readonly most: number) {}

  /** As the function `readPiece`. */
  readPiece(path: string, offset: number, target: Buffer): number {
    const file = this.#files.get(path) ?? openSync(path, 'r');
    this.#files.delete(path);
    this.#files.set(path, file);
    for (const oldest of this.#files.keys()) {
      if (this.#files.size <= this.most) break;
      this.#close(oldest);
    }
    return readAt(file, offset, target);
  }

  /** Closes all: those that were removed meanwhile take room on the disk until then. */
  close(): void {
    for (const path of [...this.#files.keys()]) this.#close(path);
  }

  #close(path: string): void {
    closeSync(this.#files.get(path)!);
    this.#files.delete(path);
  }
}
