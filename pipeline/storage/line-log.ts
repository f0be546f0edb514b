import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

const NEWLINE = 0x0a;

/**
 * Adds a line to a file, which is made where there is none, and forces it to the disk. Where a death cut the last line
 * off, the new one begins after it. One call of the system writes it, so that lines of two writers do not mix.
 * @throws the file system's error
 */
export function appendLine(path: string, line: string): void {
  const file = openSync(path, 'a+');
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1, NEWLINE);
    if (size > 0) readSync(file, last, 0, 1, size - 1);
    writeSync(file, `${last[0] === NEWLINE ? '' : '\n'}${line}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
