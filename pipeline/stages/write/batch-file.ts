import type { Table } from '../../../schemas/column.js';
import { checksum } from '../../storage/checksum.js';
import { readPiece, WorkFile } from '../../storage/work-file.js';
import type { TableBuilder } from './columns.js';
import { StreamRoom } from './ipc-stream.js';

/**
 * Batches between the tasks that read clients and those that write parts lie in files of the work folder, not in memory:
 * what a run takes of it does not depend on how many ranges are under way.
 */

/** Where the batch of one table lies in a file of batches, as the message of an IPC stream. */
export interface BatchPlace {
  readonly path: string;
  readonly offset: number;
  readonly bytes: number;
  readonly rows: number;
  /** See checksum(). */
  readonly checksum: string;
}

/** Where the batches of each table lie, in order. */
export type BatchPlaces = Readonly<Record<string, readonly BatchPlace[]>>;

/** Bytes that are handed on as one stream: small batches together, a large one alone. */
const STREAM_BYTES = 500_000;

/** A larger batch is written in the pieces that it comes in. */
const JOIN_BYTES = 8 * 1024 * 1024;

/** Writes files of batches, one after the other, through the same memory. */
export class BatchFileWriter {
  private buffer = Buffer.allocUnsafe(0);

  /** Begins a new file; whoever does closes it. */
  open(path: string): OpenBatchFile {
    return new OpenBatchFile(path, (pieces) => this.join(pieces));
  }

  /** One piece for a small batch: to write dozens costs more. */
  private join(pieces: readonly Uint8Array[]): readonly Uint8Array[] {
    const length = lengthOf(pieces);
    if (length > JOIN_BYTES) return pieces;
    if (length > this.buffer.length) this.buffer = Buffer.allocUnsafe(length);
    let end = 0;
    for (const piece of pieces) {
      this.buffer.set(piece, end);
      end += piece.length;
    }
    return [this.buffer.subarray(0, length)];
  }
}

/** A file that batches are added to. */
export class OpenBatchFile {
  private readonly found: Record<string, BatchPlace[]> = {};
  private readonly file: WorkFile;
  private offset = 0;

  constructor(
    private readonly path: string,
    private readonly join: (pieces: readonly Uint8Array[]) => readonly Uint8Array[],
  ) {
    this.file = new WorkFile(path);
  }

  /** Adds the rows of several tables, a batch for each, and forgets them. */
  add(builders: ReadonlyMap<string, TableBuilder>): void {
    for (const [table, builder] of builders) {
      const { rows, pieces } = builder.message();
      const joined = this.join(pieces);
      for (const piece of joined) this.file.write(piece);
      const bytes = lengthOf(joined);
      const place = { path: this.path, offset: this.offset, bytes, rows, checksum: checksum(joined) };
      (this.found[table] ??= []).push(place);
      this.offset += bytes;
      builder.clear();
    }
  }

  get places(): BatchPlaces {
    return this.found;
  }

  close(): void {
    this.file.close();
  }
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}

/**
 * Batches of a table as IPC streams, each read when it is asked for, into the memory of the one before.
 * @param read how a piece of a file is read
 * @throws Error when what is read is not what was written
 */
export function* readBatches(
  table: Table,
  places: readonly BatchPlace[],
  read: typeof readPiece = readPiece,
): Generator<Uint8Array> {
  const groups = inStreams(places);
  const room = new StreamRoom(table, Math.max(0, ...groups.map(bytesOf)));
  for (const group of groups) {
    const { stream, body } = room.stream(bytesOf(group));
    let end = 0;
    for (const place of group) {
      readBatch(place, body.subarray(end, end + place.bytes), read);
      end += place.bytes;
    }
    yield stream;
  }
}

/** Places of batches, grouped as they are handed on. */
function inStreams(places: readonly BatchPlace[]): (readonly BatchPlace[])[] {
  const groups: BatchPlace[][] = [];
  let bytes = STREAM_BYTES;
  for (const place of places) {
    if (bytes >= STREAM_BYTES) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)!.push(place);
    bytes += place.bytes;
  }
  return groups;
}

function bytesOf(places: readonly BatchPlace[]): number {
  return places.reduce((sum, { bytes }) => sum + bytes, 0);
}

function readBatch(
  { path, offset, checksum: expected }: BatchPlace,
  target: Buffer,
  read: typeof readPiece,
): void {
  if (read(path, offset, target) < target.length || checksum([target]) !== expected)
    throw new Error(`${path} does not hold what was written to it: run again`);
}
