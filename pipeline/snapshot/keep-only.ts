import { join } from 'node:path';
import { FORMAT_NAMES, formatNamed, type Formats } from '../stages/write/formats.js';
import { entriesBelow, removeEmptyFolders, removeTree } from '../storage/folders.js';
import { remove } from '../storage/names.js';
import { listReceipts, readReceipt, receiptFiles, type RangeReceipt } from './receipts.js';

/** Removes from a snapshot being built whatever is not of one of these formats, and of a finished range that is wanted. */
export function keepOnly(
  building: string,
  isWanted: (range: RangeReceipt) => boolean,
  formats: Formats,
): void {
  // An interrupted run may have been told other formats.
  for (const name of FORMAT_NAMES)
    if (!formats.includes(name)) removeTree(join(building, formatNamed(name).folder));
  const wanted = new Set<string>();
  for (const range of listReceipts(building)) {
    const receipt = readReceipt(building, range);
    if (receipt === null || !isWanted(receipt)) continue;
    for (const path of receiptFiles(receipt)) wanted.add(path);
  }
  for (const { path } of entriesBelow(building)) if (!wanted.has(path)) remove(join(building, path));
  removeEmptyFolders(building);
}
