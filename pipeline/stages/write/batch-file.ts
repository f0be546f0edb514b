import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { Table } from '../../../schemas/column.js';
import type { TableBuilder } from './columns.js';
import { emptyStream } from './ipc-stream.js';

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
const STREAM_BYTES = 4_000_000;

/** Writes the rows of several tables to a new file, and answers where each table's batch lies. */
export function writeBatches(
  path: string,
  builders: ReadonlyMap<string, TableBuilder>,
): Record<string, BatchPlace> {
  const places: Record<string, BatchPlace> = {};
  const file = openSync(path, 'w');
  try {
    let offset = 0;
    for (const [table, builder] of builders) {
      const message = Buffer.concat(builder.message());
      for (let done = 0; done < message.length;) done += writeSync(file, message, done);
      places[table] = { path, offset, bytes: message.length, sha256: sha256(message) };
      offset += message.length;
    }
  } finally {
    closeSync(file);
  }
  return places;
}

/**
 * Batches of a table as IPC streams, each read when it is asked for.
 * @throws Error when what is read is not what was written
 */
export function* readBatches(table: Table, places: readonly BatchPlace[]): Generator<Uint8Array> {
  for (let start = 0; start < places.length;) {
    const group = [places[start]!];
    let bytes = places[start]!.bytes;
    while (start + group.length < places.length && bytes < STREAM_BYTES) {
      const next = places[start + group.length]!;
      group.push(next);
      bytes += next.bytes;
    }
    const { stream, body } = emptyStream(table, bytes);
    let end = 0;
    for (const place of group) {
      readBatch(place, body.subarray(end, end + place.bytes));
      end += place.bytes;
    }
    yield stream;
    start += group.length;
  }
}

function readBatch({ path, offset, sha256: expected }: BatchPlace, target: Buffer): void {
  const file = openSync(path, 'r');
  try {
    const bytes = readSync(file, target, 0, target.length, offset);
    if (bytes < target.length || sha256(target) !== expected)
      throw new Error(`${path} does not hold what was written to it: run again`);
  } finally {
    closeSync(file);
  }
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
