import { tableToIPC, Table as ArrowTable } from 'apache-arrow';
import { arrowSchema } from '../../../schemas/arrow.js';
import { TooLargeFault } from '../../base/fault.js';
import type { Table } from '../../../schemas/column.js';

/**
 * Arrow IPC streams as bytes: a schema message, a message for each record batch and an end (Arrow columnar format, "IPC
 * Streaming Format"). A message is its metadata, as a flatbuffer, and a body: the buffers of the batch's arrays. The
 * metadata of a batch are so few and so regular that they are written here; apache-arrow's writer takes longer to
 * describe a batch than its columns take to be made.
 */

/** Before a message's metadata stand four bytes of ones and its length. */
const MESSAGE_PREFIX = 8;
const END_OF_STREAM = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

/** What a record batch says of one of its arrays. */
export interface ArrayNode {
  readonly length: number;
  readonly nullCount: number;
}

/** The arrays of a record batch and their buffers, both in the order of the format: parents before children. */
export interface BatchParts {
  readonly length: number;
  readonly nodes: ArrayNode[];
  readonly buffers: Uint8Array[];
}

/**
 * A stream of record batches of a table.
 * @param messages those of the batches, whole or in pieces, in order
 */
export function ipcStream(table: Table, messages: readonly Uint8Array[]): Buffer {
  return Buffer.concat([schemaMessage(table), ...messages, END_OF_STREAM]);
}

/** Memory for streams of a table, one after the other. */
export class StreamRoom {
  private readonly buffer: Buffer;
  private readonly start: number;

  /** @param most bytes that the batches of a stream take at most */
  constructor(table: Table, most: number) {
    const schema = schemaMessage(table);
    this.buffer = Buffer.allocUnsafe(schema.length + most + END_OF_STREAM.length);
    this.buffer.set(schema);
    this.start = schema.length;
  }

  /** A stream whose batches take so many bytes, and its `body` where their messages go. Both until the next call. */
  stream(bytes: number): { stream: Buffer; body: Buffer } {
    const end = this.start + bytes;
    this.buffer.set(END_OF_STREAM, end);
    return {
      stream: this.buffer.subarray(0, end + END_OF_STREAM.length),
      body: this.buffer.subarray(this.start, end),
    };
  }
}

const schemaMessages = new WeakMap<Table, Uint8Array>();

/** The message of the table's full schema, with what is known of its columns; made once. */
function schemaMessage(table: Table): Uint8Array {
  let message = schemaMessages.get(table);
  if (message === undefined) {
    const stream = tableToIPC(new ArrowTable(arrowSchema(table)), 'stream');
    const metadata = new DataView(stream.buffer, stream.byteOffset).getInt32(4, true);
    message = stream.slice(0, MESSAGE_PREFIX + metadata);
    schemaMessages.set(table, message);
  }
  return message;
}

/**
 * The message of a record batch, in pieces: metadata, then each buffer, padded to eight bytes.
 * @throws TooLargeFault when it would be larger than 2 GB
 */
export function batchMessage(batch: BatchParts): Uint8Array[] {
  const pieces = [batchMetadata(batch)];
  for (const buffer of batch.buffers) {
    pieces.push(buffer);
    const padding = padded(buffer.length) - buffer.length;
    if (padding > 0) pieces.push(PADDING.subarray(0, padding));
  }
  return pieces;
}

const PADDING = new Uint8Array(8);

function padded(bytes: number): number {
  return bytes + 7 - ((bytes + 7) % 8);
}

/** Of the flatbuffer: where its tables and the first vector lie, and sizes of a node or buffer and of its two numbers. */
const AT = { message: 16, recordBatch: 48, nodes: 68 };
const STRUCT = 16;
const NUMBER = 8;
const METADATA_V5 = 4;
const RECORD_BATCH = 3;
const LONGEST_BODY = 0x7fffffff;

/**
 * The flatbuffer of a batch (Arrow's Message.fbs: Message { version, header_type, header, bodyLength } around
 * RecordBatch { length, nodes, buffers }), with the prefix of a message.
 */
function batchMetadata({ length, nodes, buffers }: BatchParts): Uint8Array {
  const buffersAt = AT.nodes + NUMBER + nodes.length * STRUCT;
  const bytes = new Uint8Array(MESSAGE_PREFIX + buffersAt + 4 + buffers.length * STRUCT);
  const prefix = new DataView(bytes.buffer);
  prefix.setInt32(0, -1, true);
  prefix.setInt32(4, bytes.length - MESSAGE_PREFIX, true);
  const view = new DataView(bytes.buffer, MESSAGE_PREFIX);
  view.setUint32(0, AT.message, true);
  // Each table begins with the distance to its vtable: sizes of both, then where each field lies in the table.
  setShorts(view, 4, [12, 20, 16, 18, 4, 8]);
  view.setInt32(AT.message, AT.message - 4, true);
  view.setUint32(AT.message + 4, AT.recordBatch - (AT.message + 4), true);
  view.setInt16(AT.message + 16, METADATA_V5, true);
  view.setUint8(AT.message + 18, RECORD_BATCH);
  setShorts(view, 38, [10, 20, 8, 4, 16]);
  view.setInt32(AT.recordBatch, AT.recordBatch - 38, true);
  view.setUint32(AT.recordBatch + 4, AT.nodes - (AT.recordBatch + 4), true);
  setLong(view, AT.recordBatch + 8, length);
  view.setUint32(AT.recordBatch + 16, buffersAt - (AT.recordBatch + 16), true);
  view.setUint32(AT.nodes, nodes.length, true);
  for (let i = 0, at = AT.nodes + 4; i < nodes.length; i++, at += STRUCT) {
    setLong(view, at, nodes[i]!.length);
    setLong(view, at + NUMBER, nodes[i]!.nullCount);
  }
  view.setUint32(buffersAt, buffers.length, true);
  let bodyLength = 0;
  for (let i = 0, at = buffersAt + 4; i < buffers.length; i++, at += STRUCT) {
    const size = buffers[i]!.length;
    setLong(view, at, bodyLength);
    setLong(view, at + NUMBER, size);
    bodyLength += padded(size);
  }
  // Offsets of texts and lists have 32 bits.
  if (bodyLength > LONGEST_BODY)
    throw new TooLargeFault(
      `A batch of ${length} rows takes ${bodyLength} bytes, more than the format allows`,
    );
  setLong(view, AT.message + 8, bodyLength);
  return bytes;
}

function setShorts(view: DataView, at: number, values: readonly number[]): void {
  values.forEach((value, i) => {
    view.setUint16(at + 2 * i, value, true);
  });
}

/** A whole number of 64 bits. */
function setLong(view: DataView, at: number, value: number): void {
  view.setUint32(at, value, true);
  view.setUint32(at + 4, value < 2 ** 32 ? 0 : Math.floor(value / 2 ** 32), true);
}
