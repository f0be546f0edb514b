import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { ReadCounts } from '../stages/extract.js';
import { writeFileWhole, type PartReceipt } from '../stages/write/part-file.js';

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

export function writeReceipt(snapshot: string, receipt: RangeReceipt): void {
  writeFileWhole(join(snapshot, receiptPath(receipt.range)), Buffer.from(`${JSON.stringify(receipt)}\n`));
}

/** The receipt of a range, or null when there is none that can be read. */
export function readReceipt(snapshot: string, range: string): RangeReceipt | null {
  try {
    const receipt = JSON.parse(readFileSync(join(snapshot, receiptPath(range)), 'utf8')) as RangeReceipt;
    return receipt.range === range ? receipt : null;
  } catch {
    return null;
  }
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
  return [...Object.values(receipt.parts), receipt.mismatches];
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

/** True when a file has the size and the checksum that were recorded. */
export function isIntact(path: string, { bytes, sha256 }: PartReceipt): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.size !== bytes) return false;
  return createHash('sha256').update(readFileSync(path)).digest('hex') === sha256;
}

/** Carries a range from a snapshot to the one being built: by hard link, or by copy where links cannot be. */
export function carryRange(from: string, to: string, receipt: RangeReceipt): void {
  for (const { path } of filesOf(receipt)) {
    const target = join(to, path);
    mkdirSync(dirname(target), { recursive: true });
    rmSync(target, { force: true });
    try {
      linkSync(join(from, path), target);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'EXDEV' && code !== 'EPERM' && code !== 'EMLINK' && code !== 'ENOTSUP') throw error;
      copyFileSync(join(from, path), target);
    }
  }
  writeReceipt(to, receipt);
}
