import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** Reading what runs wrote. All throw the file system's error. */

export function readText(path: string): string {
  return readFileSync(path, 'utf8');
}

export function readBytes(path: string): Buffer {
  return readFileSync(path);
}

/** As `readBytes`, for files that are large enough to wait for. */
export function loadBytes(path: string): Promise<Buffer> {
  return readFile(path);
}

/** The lines of a file of any size; JSON text in it must not hold U+2028 as it is, which would end a line. */
export function linesOf(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path) });
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

const CHUNK_BYTES = 1 << 20;

/** The sha256 of a file as it lies on the disk, whatever its size. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}
