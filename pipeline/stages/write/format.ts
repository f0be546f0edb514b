import type { AnyRow, Table } from '../../../schemas/column.js';
import type { Written } from '../../storage/new-file.js';
import type { PartReceipt } from './part-file.js';

/**
 * A format that tables are written in: all that is particular to it. The module of a format loads what encodes only when
 * that is called, so that the main thread can ask for paths without it.
 */
export interface PartFormat {
  /** In the snapshot: one of its own, so that a reader of a folder meets one format. */
  readonly folder: string;
  /** Of the files' names, with its dot. */
  readonly ending: string;
  /**
   * Writes a part of a table. What nobody else reads back before the snapshot is published is checked here.
   * @param path of the new file, relative to the snapshot's folder
   * @throws VerificationError when a file does not read back as it was written; then the part is not there
   */
  writePart(snapshot: string, path: string, part: PartRows): Promise<PartReceipt>;
  /** Begins a file of a table whose rows arrive one at a time. */
  openRows(path: string, table: Table): Promise<RowFile>;
  /**
   * Reads a file of such rows back.
   * @throws VerificationError when it is not as it was written
   */
  checkRows(snapshot: string, receipt: PartReceipt): Promise<void>;
}

/** Of some rows of a part. */
export interface BatchSize {
  readonly rows: number;
  readonly bytes: number;
}

/** The rows of one part of a table. */
export interface PartRows {
  readonly table: Table;
  readonly rows: number;
  /** Sizes of what the rows come in, in order; left out where they are few and small. */
  readonly batches?: readonly BatchSize[];
  /** Arrow IPC streams of them, in order, each used before the next is asked for. */
  readonly streams: () => Iterable<Uint8Array>;
  /** The same rows as a Parquet file, which is written first; null while it is. */
  readonly parquet: PartReceipt | null;
}

/** A file that rows are added to; complete under its own name only after finish(). */
export interface RowFile {
  append(row: AnyRow): void | Promise<void>;
  finish(): Written | Promise<Written>;
  /** Gives the file up, leaving nothing behind. */
  abandon(): void;
}
