import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { ReadCounts } from '../stages/read-counts.js';
import { entriesOf, type ByFormat } from '../stages/write/formats.js';
import type { PartReceipt } from '../stages/write/part-file.js';
import { listNamesIfThere, makeFolder } from '../storage/folders.js';
import { isWithoutLinks, link, removeIfThere, sizeOf } from '../storage/names.js';
import { copyFileWhole, writeFileUnsynced } from '../storage/new-file.js';
import { piecesOf, readText } from '../storage/read.js';

/** What was recorded of any file when it was complete. */
export type FileReceipt = Pick<PartReceipt, 'path' | 'bytes' | 'sha256'>;

/** Receipts by table. */
export type PartsByTable = Readonly<Record<string, PartReceipt>>;

/**
 * What is recorded of a range of clients when all of it is written: the last file of the range, so that a range with a
 * receipt is whole, and one without is nothing.
 */
export interface RangeReceipt {
  readonly range: string;
  /** Hash of everything that the range's rows depend on: its files, the options, the schema, the program. */
  readonly fingerprint: string;
  readonly clients: number;
  readonly files: ByFormat<PartsByTable>;
  /** File of the mismatches of the range's clients, a line of JSON each, in the order of the clients. */
  readonly mismatches: PartReceipt;
  readonly counts: ReadCounts;
}

/** The form of version 0.1.0, in which formats were not yet listed. */
type ReceiptOf010 = Omit<RangeReceipt, 'files'> & {
  readonly parts: PartsByTable;
  readonly arrow?: PartsByTable;
};

const FOLDER = 'ranges';

export function mismatchPath(range: string): string {
  return `${FOLDER}/${range}.mismatches.jsonl`;
}

function receiptPath(range: string): string {
  return `${FOLDER}/${range}.json`;
}

export function writeReceipt(snapshot: string, receipt: RangeReceipt): void {
  writeSealed(join(snapshot, receiptPath(receipt.range)), receipt);
}

/** Writes a receipt, itself guarded by a checksum: rows are trusted on its word alone. */
export function writeSealed(path: string, receipt: unknown): void {
  const text = JSON.stringify(receipt);
  writeFileUnsynced(path, Buffer.from(`{"sha256":"${sha256(text)}","receipt":${text}}\n`));
}

/** The receipt of a range, or null when there is none, or none that is as it was written. */
export function readReceipt(snapshot: string, range: string): RangeReceipt | null {
  const receipt = readSealed(join(snapshot, receiptPath(range))) as RangeReceipt | ReceiptOf010 | null;
  if (receipt?.range !== range) return null;
  return 'files' in receipt ? receipt : from010(receipt);
}

/** A receipt as it was written; null when there is none, or none that is as it was written. */
export function readSealed(path: string): unknown {
  try {
    const { sha256: seal, receipt } = JSON.parse(readText(path)) as { sha256: string; receipt: unknown };
    return seal === sha256(JSON.stringify(receipt)) ? receipt : null;
  } catch {
    return null;
  }
}

function from010({ parts, arrow, ...receipt }: ReceiptOf010): RangeReceipt {
  return { ...receipt, files: { parquet: parts, ...(arrow === undefined ? {} : { arrow }) } };
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Ranges that a snapshot has receipts of. */
export function listReceipts(snapshot: string): string[] {
  return listNamesIfThere(join(snapshot, FOLDER))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length));
}

/** Every file of a range, the receipt itself left out. */
export function rangeFiles({ files, mismatches }: RangeReceipt): PartReceipt[] {
  return [...entriesOf(files).flatMap(([, byTable]) => Object.values(byTable)), mismatches];
}

/** Paths of every file of a range, its receipt too, relative to the snapshot's folder. */
export function receiptFiles(receipt: RangeReceipt): string[] {
  return [...rangeFiles(receipt).map(({ path }) => path), receiptPath(receipt.range)];
}

/** The path of the first file below a folder that is not as it was recorded; null when all are. */
export function findDamaged(folder: string, files: readonly FileReceipt[]): string | null {
  const damaged = files.find((file) => !isIntact(join(folder, file.path), file));
  return damaged?.path ?? null;
}

/** True when a file has the size and the checksum that were recorded. */
function isIntact(path: string, { bytes, sha256: expected }: FileReceipt): boolean {
  if (sizeOf(path) !== bytes) return false;
  const hash = createHash('sha256');
  for (const piece of piecesOf(path)) hash.update(piece);
  return hash.digest('hex') === expected;
}

/** Gives a file a second name; throws the file system's error. */
export type Link = (from: string, to: string) => void;

/** Carries a range from a snapshot to the one being built: by hard link, or by copy where links cannot be. */
export function carryRange(from: string, to: string, receipt: RangeReceipt, linkFile: Link = link): void {
  for (const { path } of rangeFiles(receipt)) {
    const target = join(to, path);
    makeFolder(dirname(target));
    removeIfThere(target);
    try {
      linkFile(join(from, path), target);
    } catch (error) {
      if (!isWithoutLinks(error)) throw error;
      copyFileWhole(join(from, path), target);
    }
  }
  writeReceipt(to, receipt);
}
