import { createHash } from 'node:crypto';
import type { Table } from '../../schemas/column.js';
import { describeSchema } from '../../schemas/describe.js';
import type { Mismatch } from '../../schemas/mismatch-kinds.js';
import type { RunOptions } from './options.js';
import type { RangeReceipt } from './receipts.js';
import { softwareVersion } from './version.js';

/** Hashes that tell whether what an earlier run wrote still holds. */

/** Of everything that rows depend on beside the files of their clients. */
export function configurationFingerprint(
  options: RunOptions,
  tables: readonly Table[],
  tagSelectionId: string,
): string {
  return hashOf({
    version: softwareVersion(),
    schema: describeSchema(tables),
    tagSelectionId,
    roots: options.roots,
    months: options.months,
    // The default is left out: receipts of versions without this option still hold.
    ...(options.format === 'parquet' ? {} : { format: options.format }),
    clients: options.includeClients === null ? null : [...options.includeClients].sort(),
    withoutClients: [...options.excludeClients].sort(),
  });
}

/** Of a range: `stamps` are of its clients, in order (see stampClients). */
export function rangeFingerprint(configuration: string, stamps: readonly string[]): string {
  return hashOf([configuration, ...stamps]);
}

/** Of a whole snapshot: equal ones hold equal tables. */
export function snapshotFingerprint(
  receipts: readonly RangeReceipt[],
  database: readonly Mismatch[],
): string {
  return hashOf({ ranges: receipts.map(({ range, fingerprint }) => [range, fingerprint]), database });
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
