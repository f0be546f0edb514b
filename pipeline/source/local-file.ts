import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { SourceFile } from './source.js';

/** What a path that is no regular file (any more) is refused with. */
export const NOT_A_FILE = 'ENOTSUP';

/**
 * Opens a file of this machine by its path.
 * @throws as `Source.open`
 */
export function openLocalFile(path: string): SourceFile {
  return new LocalFile(path);
}

/**
 * What stood for a file when its folder was listed may be a pipe by now, whose opening would wait for a writer without
 * end, or a device, whose reading may: neither is waited for, both are refused.
 */
class LocalFile implements SourceFile {
  readonly size: number;
  readonly #descriptor: number;

  constructor(path: string) {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) {
      closeSync(descriptor);
      const code = stat.isDirectory() ? 'EISDIR' : NOT_A_FILE;
      throw Object.assign(new Error(`${code}: ${path} is no regular file`), { code });
    }
    this.#descriptor = descriptor;
    this.size = stat.size;
  }

  read(target: Buffer, from: number, to: number, position: number): number {
    let done = 0;
    while (from + done < to) {
      const count = readSync(this.#descriptor, target, from + done, to - from - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
