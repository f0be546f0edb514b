import { join } from 'node:path';
import { VerificationError } from '../../base/fault.js';
import { hashFile } from '../../storage/read.js';
import { tableOfPart, type PartReceipt } from './part-file.js';

/** The fault of a file that does not read back with the checksum of what was written to it. */
export function notAsWritten(path: string): VerificationError {
  const table = tableOfPart(path) ?? 'mismatches';
  return new VerificationError(
    `table ${table}: ${path} does not hold what was written to it (its sha256 differs)`,
  );
}

/** Compares a file with what was written to it. @throws VerificationError */
export async function readBack(snapshot: string, { path, sha256 }: PartReceipt): Promise<void> {
  if ((await hashFile(join(snapshot, path))) !== sha256) throw notAsWritten(path);
}
