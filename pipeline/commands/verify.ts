import { resolve } from 'node:path';
import { findSnapshot } from '../snapshot/published.js';
import { verifySnapshot } from '../snapshot/verify-snapshot.js';
import { EXIT } from '../run/exit.js';
import type { VerifyArguments } from './history-options.js';
import { count } from './plain-table.js';
import { stopSignal } from './stop.js';

/** `omidb-etl verify`: a published snapshot, any time later. @returns the exit code */
export async function verifyCommand({ snapshot, out }: VerifyArguments): Promise<number> {
  const folder = findSnapshot(resolve(out), snapshot);
  const { files, tables, rows } = await verifySnapshot(folder, stopSignal());
  process.stdout.write(
    `verified ${folder}: ${count(files)} files, ${count(tables)} tables, ${count(rows)} rows\n`,
  );
  return EXIT.published;
}
