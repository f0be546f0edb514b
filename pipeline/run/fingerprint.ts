import { createHash } from 'node:crypto';
import { describeSchema } from '../../schemas/describe.js';
import type { RangeReceipt } from '../snapshot/receipts.js';
import type { RunPlan } from './plan.js';
import type { RunOptions } from './options.js';
import { programHash } from './program.js';

/** Hashes that tell whether what an earlier run wrote still holds. */

/** Of everything that the files of a range depend on beside those of its clients. */
export async function configurationFingerprint(
  { roots, rows }: RunOptions,
  { tables, width }: Pick<RunPlan, 'tables' | 'width'>,
): Promise<string> {
  return hashOf([
    {
      program: await programHash(),
      schema: describeSchema(tables),
      // Rows hold paths from the roots on: where these are says nothing of a row, only whether there are such trees.
      trees: { images: roots.images !== null, nbss: roots.nbss !== null },
      rows,
      // A range of the same name may hold other clients.
      width,
    },
  ]);
}

/** Of a range: `stamps` are of its clients, in order (see stampClients). */
export function rangeFingerprint(configuration: string, stamps: readonly string[]): string {
  return hashOf([configuration, ...stamps]);
}

/** Of a whole snapshot: equal ones hold equal tables. */
export function snapshotFingerprint(
  receipts: readonly RangeReceipt[],
  { database, sideFiles }: Pick<RunPlan, 'database' | 'sideFiles'>,
): string {
  // A range does not depend on them: another side table is a new snapshot, of which no range is read again.
  const sides = sideFiles.map(({ name, file, state }) => [name, file, state.sha256]);
  return hashOf([...receipts.map(({ range, fingerprint }) => [range, fingerprint]), ...database, ...sides]);
}

/** Of values one after the other: there may be more of them than one text can hold. */
function hashOf(values: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const value of values) hash.update(`${JSON.stringify(value)}\n`);
  return hash.digest('hex');
}
