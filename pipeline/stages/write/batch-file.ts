import { createHash } from 'node:crypto';
import type { Table } from '../../../schemas/column.js';
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
  readonly sha256: string;
}

/** Bytes that are handed on as one stream: small batches together, a large one alone. */
const STREAM_BYTES = 500_000;

/** Writes files of batches, one after the other, through the same memory. */
export class BatchFileWriter {
  private buffer = Buffer.allocUnsafe(0);

  /** Writes the rows of several tables to a new file, and answers where each table's batch lies. */
  write(path: string, builders: ReadonlyMap<string, TableBuilder>): Record<string, BatchPlace> {
    const places: Record<string, BatchPlace> = {};
    const file = new WorkFile(path);
    try {
      let offset = 0;
      for (const [table, builder] of builders) {
        const message = this.join(builder.message());
        file.write(message);
        places[table] = { path, offset, bytes: message.length, sha256: sha256(message) };
        offset += message.length;
      }
    } finally {
      file.close();
    }
    return places;
  }

  private join(pieces: readonly Uint8Array[]): Buffer {
    let length = 0;
    for (const piece of pieces) length += piece.length;
    if (length > this.buffer.length) this.buffer = Buffer.allocUnsafe(length);
    let end = 0;
    for (const piece of pieces) {
      this.buffer.set(piece, end);
      end += piece.length;
    }
    return this.buffer.subarray(0, length);
  }
}

/**
 * Batches of a table as IPC streams, each read when it is asked for, into the memory of the one before.
 * @throws Error when what is read is not what was written
 */
export function* readBatches(table: Table, places: readonly BatchPlace[]): Generator<Uint8Array> {
  const groups = inStreams(places);
  const room = new StreamRoom(table, Math.max(0, ...groups.map(bytesOf)));
  for (const group of groups) {
    const { stream, body } = room.stream(bytesOf(group));
    let end = 0;
    for (const place of group) {
      readBatch(place, body.subarray(end, end + place.bytes));
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

function readBatch({ path, offset, sha256: expected }: BatchPlace, target: Buffer): void {
  if (readPiece(path, offset, target) < target.length || sha256(target) !== expected)
    throw new Error(`${path} does not hold what was written to it: run again`);
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
