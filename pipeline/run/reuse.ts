import { CLIENT_TABLE_NAMES } from '../../schemas/tables/index.js';
import type { OutputFolder } from '../snapshot/output-folder.js';
import { mismatchPath, type RangeReceipt } from '../snapshot/receipts.js';
import { partPath, type FormatName, type Formats } from '../stages/write/formats.js';
import type { RunOptions } from './options.js';
import type { RunPlan } from './plan.js';

/**
 * What may be kept of an earlier run. What a range's rows depend on is in its fingerprint; here is what a fingerprint
 * cannot say.
 */

/** Why a range is read again though its fingerprint is the same. */
export type NotKept = 'unread' | 'damaged';

/** Null when nothing speaks against keeping a range whose files are as the receipt says. */
export function whyNotKept(receipt: RangeReceipt, formats: Formats): NotKept | null {
  // A disk that did not answer may answer now, and no state of a file would tell.
  if (receipt.counts.unread !== 0) return 'unread';
  return hasItsFiles(receipt, formats) ? null : 'damaged';
}

/** True when a receipt names the files that a range of its name has, no more and no less. */
export function hasItsFiles({ range, files, mismatches }: RangeReceipt, formats: Formats): boolean {
  const named = Object.entries(files).flatMap(([format, byTable]) =>
    Object.entries(byTable).map(([table, { path }]) => `${format} ${table} ${path}`),
  );
  const wanted = formats.flatMap((format: FormatName) =>
    CLIENT_TABLE_NAMES.map((table) => `${format} ${table} ${partPath(format, table, range)}`),
  );
  return mismatches.path === mismatchPath(range) && named.sort().join('\n') === wanted.sort().join('\n');
}

/** Removes from the snapshot being built what an interrupted run left of ranges that there are not, or not in this way. */
export function keepWanted(output: OutputFolder, { ranges }: RunPlan, { full, rows }: RunOptions): void {
  const planned = new Set(full ? [] : ranges.map(({ range }) => range));
  output.keepOnly(
    (receipt) => planned.has(receipt.range) && hasItsFiles(receipt, rows.formats),
    rows.formats,
  );
}
