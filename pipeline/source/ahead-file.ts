import type { SourceFile } from './source.js';

/** What most headers of DICOM files, and most JSON files, fit into. */
export const PIECE_BYTES = 16 * 1024;

/** Memory for the beginnings of files that were read ahead: pieces that are used again. */
export class Pieces {
  #taken = 0;
  readonly #free: Buffer[] = [];

  /** @param most pieces that may be taken at a time */
  constructor(readonly most: number) {}

  get taken(): number {
    return this.#taken;
  }

  /** Null when all are taken. */
  take(): Buffer | null {
    if (this.#taken >= this.most) return null;
    this.#taken++;
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES);
  }

  give(piece: Buffer): void {
    this.#taken--;
    this.#free.push(piece);
  }
}

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
