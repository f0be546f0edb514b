import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ReadCounts } from '../stages/read-counts.js';
import { copyFileWhole, writeFileWhole, type PartReceipt } from '../stages/write/part-file.js';

/**
 * What is recorded of a range of clients when all of it is written: the last file of the range, so that a range with a
 * receipt is whole, and one without is nothing.
 */
export interface RangeReceipt {
  readonly range: string;
  /** Hash of everything that the range's rows depend on: its files, the options, the schema, the program. */
  readonly fingerprint: string;
  readonly clients: number;
  readonly parts: Readonly<Record<string, PartReceipt>>;
  /** The same tables as Arrow files; absent where none were wanted. */
  readonly arrow?: Readonly<Record<string, PartReceipt>>;
  /** File of the mismatches of the range's clients, a line of JSON each, in the order of the clients. */
  readonly mismatches: PartReceipt;
  readonly counts: ReadCounts;
}

const FOLDER = 'ranges';

export function mismatchPath(range: string): string {
  return `${FOLDER}/${range}.mismatches.jsonl`;
}

function receiptPath(range: string): string {
  return `${FOLDER}/${range}.json`;
}

/** The receipt is itself guarded by a checksum: rows are trusted on its word alone. */
export function writeReceipt(snapshot: string, receipt: RangeReceipt): void {
  const text = JSON.stringify(receipt);
  const content = `{"sha256":"${sha256(text)}","receipt":${text}}\n`;
  writeFileWhole(join(snapshot, receiptPath(receipt.range)), Buffer.from(content));
}

/** The receipt of a range, or null when there is none, or none that is as it was written. */
export function readReceipt(snapshot: string, range: string): RangeReceipt | null {
  try {
    const content = readFileSync(join(snapshot, receiptPath(range)), 'utf8');
    const found = JSON.parse(content) as { sha256: string; receipt: RangeReceipt };
    const { receipt } = found;
    return receipt.range === range && found.sha256 === sha256(JSON.stringify(receipt)) ? receipt : null;
  } catch {
    return null;
  }
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Ranges that a snapshot has receipts of. */
export function listReceipts(snapshot: string): string[] {
  const folder = join(snapshot, FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length));
}

/** Every file of a range, the receipt itself left out. */
function filesOf(receipt: RangeReceipt): PartReceipt[] {
  return [...Object.values(receipt.parts), ...Object.values(receipt.arrow ?? {}), receipt.mismatches];
}

/** Paths of every file of a range, its receipt too, relative to the snapshot's folder. */
export function receiptFiles(receipt: RangeReceipt): string[] {
  return [...filesOf(receipt).map(({ path }) => path), receiptPath(receipt.range)];
}

/** The first file of a range that is not as its receipt says; null when all are. */
export function findDamage(snapshot: string, receipt: RangeReceipt): string | null {
  const damaged = filesOf(receipt).find((file) => !isIntact(join(snapshot, file.path), file));
  return damaged?.path ?? null;
}

/** True when every file of a range is there with its size: costs no more than a walk. */
export function areThere(snapshot: string, receipt: RangeReceipt): boolean {
  return filesOf(receipt).every(
    ({ path, bytes }) => statSync(join(snapshot, path), { throwIfNoEntry: false })?.size === bytes,
  );
}

/** True when a file has the size and the checksum that were recorded. */
export function isIntact(path: string, { bytes, sha256: expected }: PartReceipt): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.size !== bytes) return false;
  return sha256(readFileSync(path)) === expected;
}

/** Gives a file a second name; throws the file system's error. */
export type Link = (from: string, to: string) => void;

/** Errors of linking that say 'not here': another file system, one without links, or too many links of this file. */
const NO_LINKS = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Carries a range from a snapshot to the one being built: by hard link, or by copy where links cannot be. */
export function carryRange(from: string, to: string, receipt: RangeReceipt, link: Link = linkSync): void {
  for (const { path } of filesOf(receipt)) {
    const target = join(to, path);
    mkdirSync(dirname(target), { recursive: true });
    rmSync(target, { force: true });
    try {
      link(join(from, path), target);
    } catch (error) {
      if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      copyFileWhole(join(from, path), target);
    }
  }
  writeReceipt(to, receipt);
}
