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

/**
 * Fills `target` with the bytes of a file at `offset`.
 * @returns how many bytes there were
 * @throws the file system's error
 */
export function readPiece(path: string, offset: number, target: Buffer): number {
  const file = openSync(path, 'r');
  try {
    return readSync(file, target, 0, target.length, offset);
  } finally {
    closeSync(file);
  }
}
