import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import type { DuckDb } from '../engine/duckdb.js';
import { parquetRows } from '../engine/sql.js';
import { compareClients, parseClientId } from '../omi-db/client-id.js';
import { linesOf } from '../storage/read.js';
import type { RangeReceipt } from './receipts.js';

/** Which clients of a range have other rows or mismatches in one snapshot than in another of the same tables. */

/** A range as a snapshot has it. */
export interface RangeIn {
  readonly snapshot: string;
  readonly receipt: RangeReceipt;
}

/** True where every file of a range is the same, byte by byte, by the word of the receipts. */
export function isSameContent(a: RangeReceipt, b: RangeReceipt): boolean {
  const hashes = ({ files, mismatches }: RangeReceipt) =>
    JSON.stringify([
      ...Object.entries(files.parquet).map(([table, { sha256 }]) => [table, sha256]),
      mismatches.sha256,
    ]);
  return hashes(a) === hashes(b);
}

/** @returns ids of the clients, in natural order */
export async function changedClients(db: DuckDb, before: RangeIn, after: RangeIn): Promise<string[]> {
  const changed = new Set<string>();
  const was = before.receipt.files.parquet;
  for (const [table, part] of Object.entries(after.receipt.files.parquet)) {
    if (was[table]?.sha256 === part.sha256) continue;
    const files = [join(before.snapshot, was[table]!.path), join(after.snapshot, part.path)];
    for (const { client_id: id } of await db.rows(differingClients(files[0]!, files[1]!)))
      changed.add(String(id));
  }
  for (const id of await clientsWithOtherMismatches(before, after)) changed.add(id);
  return [...changed].sort((a, b) => compareClients(parseClientId(a)!, parseClientId(b)!));
}

/** By hashes of the rows, so that wide ones cost little; a row may stand more than once. */
function differingClients(old: string, now: string): string {
  const rows = (file: string, sign: number) =>
    `SELECT client_id, hash(r) AS row_hash, ${sign} AS sign FROM ${parquetRows([file])} r`;
  return `
    SELECT DISTINCT client_id FROM (
      SELECT client_id FROM (${rows(old, -1)} UNION ALL ${rows(now, 1)})
      GROUP BY client_id, row_hash HAVING sum(sign) <> 0)`;
}

async function clientsWithOtherMismatches(before: RangeIn, after: RangeIn): Promise<string[]> {
  if (before.receipt.mismatches.sha256 === after.receipt.mismatches.sha256) return [];
  const [was, is] = [await mismatchHashes(before), await mismatchHashes(after)];
  return [...new Set([...was.keys(), ...is.keys()])].filter((id) => was.get(id) !== is.get(id));
}

/** A hash of the lines of each client that has some; hers follow each other. */
async function mismatchHashes({ snapshot, receipt }: RangeIn): Promise<Map<string, string>> {
  const hashes = new Map<string, Hash>();
  for await (const line of linesOf(join(snapshot, receipt.mismatches.path))) {
    const { client_id: id } = JSON.parse(line) as { readonly client_id: string | null };
    if (id === null) continue;
    const hash = hashes.get(id) ?? createHash('sha256');
    hashes.set(id, hash.update(`${line}\n`));
  }
  return new Map([...hashes].map(([id, hash]) => [id, hash.digest('hex')]));
}
