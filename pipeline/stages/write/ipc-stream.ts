import { tableToIPC, Table as ArrowTable } from 'apache-arrow';
import { arrowSchema } from '../../../schemas/arrow.js';
import type { Table } from '../../../schemas/column.js';

/**
 * Arrow IPC streams put together from others as bytes: a stream is a schema message, a message for each record batch and
 * an end (Arrow columnar format, "IPC Streaming Format"), so that batches need not be read to be joined.
 */

/** Before a message's metadata stand four bytes of ones and its length. */
const MESSAGE_PREFIX = 8;
const END_OF_STREAM = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

/**
 * One stream of all batches, under the table's full schema (with what is known of its columns).
 * @param batches streams of one record batch each, as TableBuilder makes them
 */
export function joinStreams(table: Table, batches: readonly Uint8Array[]): Uint8Array {
  const schema = schemaMessage(tableToIPC(new ArrowTable(arrowSchema(table)), 'stream'));
  return Buffer.concat([schema, ...batches.map(batchMessage), END_OF_STREAM]);
}

/** The first message of a stream; that of a schema has metadata only. */
function schemaMessage(stream: Uint8Array): Uint8Array {
  return stream.subarray(0, MESSAGE_PREFIX + metadataLength(stream));
}

/** What stands between the schema and the end of a stream. */
function batchMessage(stream: Uint8Array): Uint8Array {
  return stream.subarray(MESSAGE_PREFIX + metadataLength(stream), stream.length - END_OF_STREAM.length);
}

function metadataLength(stream: Uint8Array): number {
  return new DataView(stream.buffer, stream.byteOffset).getInt32(4, true);
}
