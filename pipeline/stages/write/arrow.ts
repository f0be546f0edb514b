import { join } from 'node:path';
import {
  AsyncByteQueue,
  RecordBatch,
  RecordBatchFileWriter,
  Table as ArrowTable,
  tableFromIPC,
  tableToIPC,
  type Schema,
} from 'apache-arrow';
import { readParquet } from 'parquet-wasm/node';
import { arrowSchema } from '../../../schemas/arrow.js';
import type { Table } from '../../../schemas/column.js';
import { checkContent, checkPart } from './arrow-check.js';
import { NewFile, type Written } from '../../storage/new-file.js';
import { readBytes } from '../../storage/read.js';
import type { PartReceipt } from './part-file.js';

/**
 * Arrow IPC files (Feather v2) beside the Parquet parts, for readers that map files into memory. Not compressed: a
 * mapped buffer is then used where it lies. (What apache-arrow 21.2 writes with compression other readers reject: it
 * puts the compressed length where the format wants the uncompressed one.)
 */

/** One batch for all but the largest parts: opening a mapped file costs its reader something for each batch. */
const ROWS_PER_BATCH = 65_536;

/** Bytes of the mark that ends a stream. */
const END_BYTES = 8;

/** An Arrow file that is written batch by batch; complete under its own name only after finish(). */
export class ArrowFile {
  private readonly file: NewFile;
  private readonly schema: Schema;
  private readonly writer = new WholeFileWriter();

  constructor(path: string, table: Table) {
    this.schema = arrowSchema(table);
    this.file = new NewFile(path);
    this.attempt(() => this.writer.reset(new FileSink(this.file), this.schema));
  }

  /** @param stream an Arrow IPC stream of the table's columns, e.g. of a TableBuilder */
  append(stream: Uint8Array): void {
    this.attempt(() => {
      for (const { data } of tableFromIPC(stream).batches) {
        // With this very schema: the writer drops a batch of another without a word.
        if (data.length > 0) this.writer.write(new RecordBatch(this.schema, data));
      }
    });
  }

  finish(): Written {
    return this.attempt(() => {
      this.writer.close();
      return this.file.finishUnsynced();
    });
  }

  /** Gives the file up, leaving nothing behind. */
  abandon(): void {
    this.file.abandon();
  }

  private attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      this.abandon();
      throw error;
    }
  }
}

/** Takes the writer's bytes to the file at once; the writer's own queue would keep them all in memory. */
class FileSink extends AsyncByteQueue {
  constructor(private readonly file: NewFile) {
    super();
  }

  override write(bytes: Uint8Array): void {
    this.file.write(bytes);
  }
}

/** The format wants a whole IPC stream between magic and footer; the library leaves the stream's schema out. */
class WholeFileWriter extends RecordBatchFileWriter {
  protected override _writeSchema(schema: Schema): this {
    const stream = tableToIPC(new ArrowTable(schema), 'stream');
    return super._writeSchema(schema)._write(stream.subarray(0, stream.length - END_BYTES));
  }
}

/**
 * Writes the rows of a Parquet part as an Arrow file, from the file of that part: what the two hold is the same. The new
 * file is read back from the disk to make sure (see checkPart).
 * @param path of the new file, relative to the snapshot's folder
 * @throws VerificationError when what is read back, of the Parquet part or of the new file, is not what was written
 */
export function writeArrowPart(
  snapshot: string,
  path: string,
  table: Table,
  parquet: PartReceipt,
): PartReceipt {
  const content = readBytes(join(snapshot, parquet.path));
  checkContent(content, parquet);
  const stream = readParquet(content, { batchSize: ROWS_PER_BATCH }).intoIPCStream();
  const file = new ArrowFile(join(snapshot, path), table);
  file.append(stream);
  const receipt = { path, rows: parquet.rows, ...file.finish() };
  checkPart(readBytes(join(snapshot, path)), receipt, stream);
  return receipt;
}
