import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareClients, parseClientId, type ClientId } from '../omi-db/client-id.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import { mismatchRow, type MismatchRow } from '../stages/write/mismatch-row.js';
import { MismatchWriter } from '../stages/write/mismatches.js';
import type { RangeReceipt } from './receipts.js';

type Closed = Awaited<ReturnType<MismatchWriter['close']>>;

/**
 * Writes the manifest of mismatches: first those of the database as a whole, then those of each client in natural order,
 * a client's own before the ones that only a look over all clients finds. One range at a time is in memory, at most.
 * @param hashes file that gets the sha256 of each line of the manifest
 * @param arrow whether the table is written as an Arrow file too
 * @param ranges in natural order of client
 * @param duplicates in natural order of client
 * @throws the signal's reason when it is aborted, and the file system's errors; then no file is left
 */
export async function writeMismatches(
  snapshot: string,
  hashes: string,
  arrow: boolean,
  database: readonly Mismatch[],
  ranges: readonly RangeReceipt[],
  duplicates: readonly Mismatch[],
  signal: AbortSignal,
): Promise<Closed> {
  const writer = await MismatchWriter.open(snapshot, hashes, arrow);
  try {
    await appendAll(writer, snapshot, database, ranges, duplicates, signal);
    return await writer.close();
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

async function appendAll(
  writer: MismatchWriter,
  snapshot: string,
  database: readonly Mismatch[],
  ranges: readonly RangeReceipt[],
  duplicates: readonly Mismatch[],
  signal: AbortSignal,
): Promise<void> {
  for (const mismatch of database) await writer.append(mismatchRow(mismatch));
  let next = 0;
  const appendDuplicatesBefore = async (client: ClientId | null) => {
    while (next < duplicates.length && isBefore(duplicates[next]!, client)) {
      await writer.append(mismatchRow(duplicates[next]!));
      next++;
    }
  };
  let client: string | null = null;
  for (const range of ranges) {
    signal.throwIfAborted();
    for (const line of linesOf(await readFile(join(snapshot, range.mismatches.path)))) {
      const row = JSON.parse(line) as MismatchRow;
      if (row.client_id !== client) {
        client = row.client_id;
        await appendDuplicatesBefore(client === null ? null : parseClientId(client));
      }
      await writer.append(row);
    }
  }
  await appendDuplicatesBefore(null);
}

/** Lines as JSON lines has them: node:readline would also end one at U+2028, which JSON text may hold as it is. */
function* linesOf(bytes: Buffer): Generator<string> {
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    yield bytes.toString('utf8', start, end);
    start = end + 1;
  }
}

/** True when a mismatch is of a client that comes before `client`; null stands for the end. */
function isBefore(mismatch: Mismatch, client: ClientId | null): boolean {
  return client === null || compareClients(parseClientId(mismatch.client_id!)!, client) < 0;
}
