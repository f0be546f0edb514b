import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/** Reading what runs wrote. All throw the file system's error. */

export function readText(path: string): string {
  return readFileSync(path, 'utf8');
}

export function readBytes(path: string): Buffer {
  return readFileSync(path);
}

/** As `readBytes`, while the thread does other things. */
export function readBytesLater(path: string): Promise<Buffer> {
  return readFile(path);
}

/** The lines of a file of any size, ended by newlines only: JSON text may hold U+2028, which ends one for node:readline. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  let begun: Buffer[] = [];
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const piece = chunk.subarray(start, end);
      yield (begun.length === 0 ? piece : Buffer.concat([...begun, piece])).toString('utf8');
      begun = [];
      start = end + 1;
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
  }
  if (begun.length > 0) yield Buffer.concat(begun).toString('utf8');
}

/** The bytes of a file of any size, in order; each piece is valid until the next is asked for. */
export function* piecesOf(path: string): Generator<Buffer> {
  const descriptor = openSync(path, 'r');
  try {
    const piece = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const count = readSync(descriptor, piece, 0, piece.length, null);
      if (count === 0) return;
      yield piece.subarray(0, count);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Gives a file that is open for reading, for as long as `use` takes. */
export async function withOpenFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

/** The sha256 of a file as it lies on the disk, whatever its size. */
export function hashFile(path: string): Promise<string> {
  return withOpenFile(path, async (file) => {
    const hash = createHash('sha256');
    // Many files are small: a stream would take a whole chunk of new memory for each of its readings.
    const { size } = await file.stat();
    const piece = Buffer.allocUnsafe(Math.min(size + 1, CHUNK_BYTES));
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, piece.length, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, bytesRead));
    }
  });
}
