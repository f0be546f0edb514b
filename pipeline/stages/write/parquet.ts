import {
  Compression,
  Table as WasmTable,
  transformParquetStream,
  type WriterProperties,
  WriterPropertiesBuilder,
} from 'parquet-wasm/node';
import type { Column, Table } from '../../../schemas/column.js';
import type { BatchSize } from './format.js';
import { fileMetadata } from './file-metadata.js';
import { NewFile, type Written } from '../../storage/new-file.js';

/**
 * Rows of a row group. The writer keeps all that it has encoded of one in memory, which a worker never gives back: with
 * larger ones that would depend on how many images a range has. Files are 3 % larger than with one row group.
 */
const ROWS_PER_GROUP = 4096;
/** Rows of a part with texts that no real one has: fewer, so that a row group is not much larger than this. */
const MOST_GROUP_BYTES = 256 * 1024 * 1024;
const LEAST_ROWS_PER_GROUP = 16;

/** How many rows a row group of a part gets, by the sizes of its batches: a power of two. */
export function rowsPerGroup(batches: readonly BatchSize[]): number {
  let rows = ROWS_PER_GROUP;
  while (rows > LEAST_ROWS_PER_GROUP && largestGroup(batches, rows) > MOST_GROUP_BYTES) rows /= 2;
  return rows;
}

/** Bytes of the batches that the largest group of so many rows lies in. */
function largestGroup(batches: readonly BatchSize[], rows: number): number {
  let largest = 0;
  let inGroup = 0;
  let bytes = 0;
  for (const batch of batches) {
    // A batch is counted as if its rows were of one size.
    const share = batch.bytes / Math.max(1, batch.rows);
    for (let left = batch.rows; left > 0;) {
      const taken = Math.min(left, rows - inGroup);
      bytes += taken * share;
      inGroup += taken;
      left -= taken;
      largest = Math.max(largest, bytes);
      if (inGroup === rows) inGroup = bytes = 0;
    }
  }
  return largest;
}

/**
 * Writes one Parquet file (ZSTD) of a table from batches of its rows. The batches of one stream at a time are in memory,
 * and of the file a row group.
 * @param streams Arrow IPC streams under the table's schema, in the order of their rows; at least one. Each is used
 * before the next is asked for.
 * @throws what taking the next stream or writing throws; then there is no file
 */
export async function writeParquet(
  path: string,
  table: Table,
  streams: Iterable<Uint8Array>,
  groupRows = ROWS_PER_GROUP,
): Promise<Written> {
  const file = new NewFile(path);
  try {
    await encode(table, streams, groupRows, (piece) => {
      file.write(piece);
    });
    return file.finishUnsynced();
  } catch (error) {
    file.abandon();
    throw error;
  }
}

async function encode(
  table: Table,
  streams: Iterable<Uint8Array>,
  groupRows: number,
  write: (piece: Uint8Array) => void,
): Promise<void> {
  const batches = new BatchSource(streams);
  try {
    // Typed as any stream, it gives bytes.
    const pieces = (await transformParquetStream(
      batches.stream,
      properties(table, groupRows),
    )) as ReadableStream<Uint8Array>;
    for await (const piece of pieces) write(piece);
  } finally {
    batches.stop();
    batches.throwFailure();
  }
}

function properties(table: Table, groupRows: number): WriterProperties {
  let builder = new WriterPropertiesBuilder()
    .setCompression(Compression.ZSTD)
    .setMaxRowGroupSize(groupRows)
    .setKeyValueMetadata(fileMetadata(table));
  for (const column of table.columns)
    if (!hasDictionary(column)) builder = builder.setColumnDictionaryEnabled(column.name, false);
  return builder.build();
}

/** Texts that each row has its own of, or nearly so. */
const OWN_TEXT = /_uid$|_path$/;

/**
 * Whether values of a column are written as places in a dictionary: texts that repeat. To look up all others costs a
 * seventh of the time that files take to write, which are 3 % larger then. Lists keep theirs: the writer takes names of
 * columns only, and their values lie deeper.
 */
function hasDictionary({ name, type }: Column): boolean {
  return type.startsWith('list<') || (type === 'string' && !OWN_TEXT.test(name));
}

const DONE = { done: true, value: undefined } as const;

/** The batches of IPC streams as the writer takes them: each stream is opened when it is asked for. */
class BatchSource {
  readonly stream: ReadableStream;
  private failure: { readonly error: unknown } | null = null;
  private stopped = false;

  constructor(streams: Iterable<Uint8Array>) {
    const iterator = streams[Symbol.iterator]();
    const pull = (controller: ReadableStreamDefaultController) => {
      try {
        const next = this.stopped ? DONE : iterator.next();
        if (next.done === true) controller.close();
        else enqueueBatches(controller, next.value);
      } catch (error) {
        this.failure = { error };
        throw error;
      }
    };
    this.stream = new ReadableStream({ pull }, { highWaterMark: 0 });
  }

  /** Gives no more batches: the writer goes on encoding when nobody takes its pieces any more. */
  stop(): void {
    this.stopped = true;
  }

  /** The writer does not pass a failure on: after the first batch it takes it for the end, and makes a file of what it has. */
  throwFailure(): void {
    if (this.failure !== null) throw this.failure.error;
  }
}

function enqueueBatches(controller: ReadableStreamDefaultController, stream: Uint8Array): void {
  const table = WasmTable.fromIPCStream(stream);
  const batches = table.recordBatches();
  // Its reader would wait for ever.
  if (batches.length === 0) throw new Error('a stream of rows holds no batch');
  for (const batch of batches) controller.enqueue(batch);
  table.free();
}
