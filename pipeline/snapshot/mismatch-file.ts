import { join } from 'node:path';
import { compareClients, parseClientId, type ClientId } from '../omi-db/client-id.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import type { Formats } from '../stages/write/formats.js';
import { mismatchRow, type MismatchRow } from '../stages/write/mismatch-row.js';
import { MismatchWriter, type WrittenMismatches } from '../stages/write/mismatches.js';
import { linesOf } from '../storage/read.js';
import type { RangeReceipt } from './receipts.js';

/** What the file is made of. */
export interface MismatchSources {
  /** Those of the database as a whole. */
  readonly database: readonly Mismatch[];
  /** In natural order of client. */
  readonly ranges: readonly RangeReceipt[];
  /** Those that only a look over all clients finds, in natural order of client. */
  readonly acrossClients: readonly Mismatch[];
  /** Files of those of side tables, as those of ranges. */
  readonly ofSides: readonly string[];
}

/**
 * Writes the manifest of mismatches: first those of the database as a whole, then those of each client in natural order,
 * a client's own before the ones that only a look over all clients finds, and last those of side tables. A line at a time is in memory.
 * @param hashes file that gets the sha256 of each line of the manifest
 * @param formats that the table is written in
 * @throws the signal's reason when it is aborted, and the file system's errors; then no file is left
 */
export async function writeMismatches(
  snapshot: string,
  hashes: string,
  formats: Formats,
  sources: MismatchSources,
  signal: AbortSignal,
): Promise<WrittenMismatches> {
  const writer = await MismatchWriter.open(snapshot, hashes, formats);
  try {
    await appendAll(writer, snapshot, sources, signal);
    return await writer.close();
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

async function appendAll(
  writer: MismatchWriter,
  snapshot: string,
  { database, ranges, acrossClients, ofSides }: MismatchSources,
  signal: AbortSignal,
): Promise<void> {
  for (const mismatch of database) await writer.append(mismatchRow(mismatch));
  let next = 0;
  const appendOthersBefore = async (client: ClientId | null) => {
    while (next < acrossClients.length && isBefore(acrossClients[next]!, client)) {
      await writer.append(mismatchRow(acrossClients[next]!));
      next++;
    }
  };
  let client: string | null = null;
  for (const range of ranges) {
    signal.throwIfAborted();
    for await (const line of linesOf(join(snapshot, range.mismatches.path))) {
      const row = JSON.parse(line) as MismatchRow;
      if (row.client_id !== client) {
        client = row.client_id;
        await appendOthersBefore(client === null ? null : parseClientId(client));
      }
      await writer.append(row);
    }
  }
  await appendOthersBefore(null);
  for (const path of ofSides)
    for await (const line of linesOf(path)) await writer.append(JSON.parse(line) as MismatchRow);
}

/** True when a mismatch is of a client that comes before `client`; null stands for the end. */
function isBefore(mismatch: Mismatch, client: ClientId | null): boolean {
  return client === null || compareClients(parseClientId(mismatch.client_id!)!, client) < 0;
}
