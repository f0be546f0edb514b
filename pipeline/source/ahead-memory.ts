/** What most headers of DICOM files, and most JSON files, fit into. */
export const PIECE_BYTES = 16 * 1024;

/** What an entry of a list takes with its state, and a file beside what was read of it: measured, 360 and 300 bytes. */
const ENTRY_BYTES = 400;
const FILE_BYTES = 400;

/** How much may be read ahead at a time. */
export interface AheadLimits {
  /** Files of which the beginning is held, which may be open. 0: nothing is read ahead. */
  readonly files: number;
  /** Of all that is held of them, and of lists of folders. */
  readonly bytes: number;
}

/**
 * Memory for what was read ahead. It counts what is asked for, before it is: however many calls wait for the disk, and
 * however long, no more is held.
 */
export class AheadMemory {
  /** Of pieces that are not used just now too. */
  #bytes = 0;
  #files = 0;
  readonly #free: Buffer[] = [];

  constructor(private readonly limits: AheadLimits) {}

  /** How many files there is room for, as long as each of them fits into a piece. */
  get mostFiles(): number {
    const { files, bytes } = this.limits;
    return Math.min(files, Math.floor(bytes / (PIECE_BYTES + FILE_BYTES)));
  }

  /** Room for a file's beginning; null where there is none. */
  takePiece(): Buffer | null {
    if (this.#files >= this.limits.files) return null;
    const piece = this.#free.pop() ?? this.#newPiece();
    if (piece !== null) this.#files++;
    return piece;
  }

  givePiece(piece: Buffer): void {
    this.#files--;
    this.#free.push(piece);
  }

  /** Room for a list of so many entries. See `take`. */
  takeList(entries: number): number | null {
    const bytes = entries * ENTRY_BYTES;
    return this.take(bytes) ? bytes : null;
  }

  /** @returns whether there was room for so many bytes more; then they are to be given back */
  take(bytes: number): boolean {
    for (; this.#bytes + bytes > this.limits.bytes && this.#free.length > 0; this.#free.pop())
      this.#bytes -= PIECE_BYTES + FILE_BYTES;
    if (this.#bytes + bytes > this.limits.bytes) return false;
    this.#bytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }

  #newPiece(): Buffer | null {
    return this.take(PIECE_BYTES + FILE_BYTES) ? Buffer.allocUnsafeSlow(PIECE_BYTES) : null;
  }
}
