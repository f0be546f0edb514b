import { LOCAL_CALLS, type FileCalls, type Stats } from './file-calls.js';
import { Patience } from './patience.js';
import type { SourceFile } from './source.js';

/** What a path that is no regular file (any more) is refused with. */
export const NOT_A_FILE = 'ENOTSUP';

/** An open file of this machine. */
export class LocalFile implements SourceFile {
  /** @param descriptor of the file, which `close` closes */
  constructor(
    private readonly descriptor: number,
    readonly size: number,
    private readonly calls: FileCalls,
    private readonly patience: Patience,
  ) {}

  read(target: Buffer, from: number, to: number, position: number): number {
    let done = 0;
    while (from + done < to) {
      const count = this.#readOnce(target, from + done, to - from - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  close(): void {
    this.calls.close(this.descriptor);
  }

  #readOnce(target: Buffer, from: number, count: number, position: number): number {
    try {
      return this.calls.read(this.descriptor, target, from, count, position);
    } catch (error) {
      return this.patience.again(error, () =>
        this.calls.read(this.descriptor, target, from, count, position),
      );
    }
  }
}

/**
 * Opens a file by its path. What stood for a file when its folder was listed may be a pipe by now, whose opening would wait
 * for a writer without end, or a device, whose reading may: neither is waited for, both are refused.
 * @throws as `Source.open`
 */
export function openLocalFile(path: string, calls = LOCAL_CALLS, patience = new Patience()): SourceFile {
  try {
    return openOnce(path, calls, patience);
  } catch (error) {
    return patience.again(error, () => openOnce(path, calls, patience));
  }
}

function openOnce(path: string, calls: FileCalls, patience: Patience): SourceFile {
  const descriptor = calls.open(path);
  let size: number;
  try {
    const stat = calls.openStat(descriptor);
    assertFile(stat, path);
    ({ size } = stat);
  } catch (error) {
    calls.close(descriptor);
    throw error;
  }
  return new LocalFile(descriptor, size, calls, patience);
}

function assertFile(stat: Stats, path: string): void {
  if (stat.isFile()) return;
  const code = stat.isDirectory() ? 'EISDIR' : NOT_A_FILE;
  throw Object.assign(new Error(`${code}: ${path} is no regular file`), { code });
}
