import type { SourceFile } from './source.js';

/** A file whose beginning was read ahead. */
export class AheadFile implements SourceFile {
  /**
   * @param bytes its beginning
   * @param rest the same file, open, for what comes after; null where that is all
   * @param onClose called when nobody reads `bytes` any more
   */
  constructor(
    readonly size: number,
    private readonly bytes: Buffer,
    private readonly rest: SourceFile | null,
    private readonly onClose: () => void,
  ) {}

  read(target: Buffer, from: number, to: number, position: number): number {
    const { bytes, rest } = this;
    const end = Math.min(position + to - from, bytes.length);
    const done = position < end ? bytes.copy(target, from, position, end) : 0;
    if (from + done === to || rest === null) return done;
    return done + rest.read(target, from + done, to, position + done);
  }

  close(): void {
    this.rest?.close();
    this.onClose();
  }
}
