import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { RecordBatchReader, tableFromIPC } from 'apache-arrow';
import { Table as WasmTable } from 'parquet-wasm/node';
import { VerificationError } from '../../base/fault.js';
import { hashFile, withOpenFile } from '../../storage/read.js';
import type { PartReceipt } from './part-file.js';

/** What is read back of an Arrow file before it counts as written. DuckDB, which verifies Parquet, does not read Arrow. */

/** `ARROW1` and two bytes of padding; an IPC stream follows. */
const MAGIC_BYTES = 8;
/** A message begins with a marker and its length, of four bytes each. */
const MESSAGE_PREFIX_BYTES = 8;

/**
 * A file must have the checksum that was recorded, its footer must lead to all rows, and Arrow's other implementation
 * (Rust's, in parquet-wasm) must read in it, byte for byte, the batches that it read in the Parquet part.
 * @throws VerificationError
 */
export function checkPart(content: Buffer, receipt: PartReceipt, stream: Uint8Array): void {
  checkContent(content, receipt);
  const { path, rows } = receipt;
  checkRows(path, tableFromIPC(content).numRows, rows);
  const read = WasmTable.fromIPCStream(content.subarray(MAGIC_BYTES)).intoIPCStream();
  if (!batchesIn(read).equals(batchesIn(stream)))
    throw new VerificationError(`${path} does not hold the rows of its Parquet part`);
}

/** @throws VerificationError when the content of a file has not the checksum that was recorded */
export function checkContent(content: Buffer, { path, sha256 }: PartReceipt): void {
  checkHash(path, createHash('sha256').update(content).digest('hex'), sha256);
}

/** An IPC stream without the message that it begins with, its schema: descriptions stand elsewhere in Parquet. */
function batchesIn(stream: Uint8Array): Buffer {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength);
  return bytes.subarray(MESSAGE_PREFIX_BYTES + bytes.readInt32LE(4));
}

/**
 * A file that was written batch by batch must have its checksum, and its footer must lead to all rows. One batch at a
 * time is in memory.
 * @throws VerificationError
 */
export async function checkStreamed(snapshot: string, { path, rows, sha256 }: PartReceipt): Promise<void> {
  checkHash(path, await hashFile(join(snapshot, path)), sha256);
  const found = await withOpenFile(join(snapshot, path), async (file) => {
    let count = 0;
    for await (const batch of await RecordBatchReader.from(file)) count += batch.numRows;
    return count;
  });
  checkRows(path, found, rows);
}

function checkHash(path: string, found: string, sha256: string): void {
  if (found !== sha256)
    throw new VerificationError(`${path} is on the disk with another content than was written`);
}

function checkRows(path: string, found: number, rows: number): void {
  if (found !== rows) throw new VerificationError(`${path} has ${found} rows, ${rows} were written`);
}
