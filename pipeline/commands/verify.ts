import { resolve } from 'node:path';
import { findSnapshot } from '../snapshot/published.js';
import { verifySnapshot } from '../snapshot/verify-snapshot.js';
import { EXIT } from '../run/exit.js';
import type { VerifyArguments } from './history-options.js';
import { count, wrapForScreen } from './plain-table.js';
import { print } from './print.js';
import { stopSignal } from './stop.js';

/** `omidb-etl verify`: a published snapshot, any time later. @returns the exit code */
export async function verifyCommand({ snapshot, out }: VerifyArguments): Promise<number> {
  const folder = findSnapshot(resolve(out), snapshot);
  const { files, tables, rows } = await verifySnapshot(folder, stopSignal());
  const counts = `${count(files)} files, ${count(tables)} tables, ${count(rows)} rows`;
  await print(`${wrapForScreen(`verified ${folder}: ${counts}`)}\n`);
  return EXIT.published;
}
