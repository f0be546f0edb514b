import { findFileFaults, type FileFault } from './checksums.js';
import { VerificationError } from '../base/fault.js';
import { tableOfPart } from '../stages/write/part-file.js';
import { verify } from './verify.js';
import { readTables } from './published.js';
import { mustReadManifest } from './read-manifest.js';
import { withScratchDb } from '../engine/scratch-db.js';

export interface Verified {
  readonly files: number;
  readonly tables: number;
  readonly rows: number;
}

/** Faults that a message tells of, at most. */
const TOLD = 5;

/**
 * Verifies a published snapshot: every file against its checksums, then the tables by the checks that were made before
 * it was published.
 * @param stop ends it when it is aborted
 * @throws Interrupted then; VerificationError that names table, file and key, where they apply; EnvironmentFault
 */
export async function verifySnapshot(folder: string, stop?: AbortSignal): Promise<Verified> {
  const { files, faults } = await findFileFaults(folder, stop);
  if (faults.length > 0) {
    const told = faults.slice(0, TOLD).map(faultText).join('; ');
    const more = faults.length > TOLD ? `; and ${faults.length - TOLD} files more` : '';
    throw new VerificationError(`${folder} is not as it was published: ${told}${more}`);
  }
  const manifest = mustReadManifest(folder);
  const tables = readTables(folder).map((table) => ({
    table,
    parts: manifest.tables[table.name]?.files ?? [],
  }));
  const bare = tables.find(({ parts }) => parts.length === 0);
  if (bare !== undefined)
    throw new VerificationError(`${folder}: table ${bare.table.name}: manifest.json names no part file`);
  try {
    await withScratchDb((db) => verify(db, folder, tables), stop);
  } catch (error) {
    throw error instanceof VerificationError ? new VerificationError(`${folder}: ${error.message}`) : error;
  }
  const rows = tables.flatMap(({ parts }) => parts).reduce((sum, part) => sum + part.rows, 0);
  return { files, tables: tables.length, rows };
}

function faultText({ path, fault }: FileFault): string {
  const table = tableOfPart(path);
  return table === null ? `${path} ${fault}` : `table ${table}: ${path} ${fault}`;
}
