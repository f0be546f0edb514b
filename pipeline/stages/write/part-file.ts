import type { Written } from '../../storage/new-file.js';

/** What is recorded of a file of a snapshot when it is complete. */
export interface PartReceipt extends Written {
  /** Relative to the snapshot's folder. */
  readonly path: string;
  readonly rows: number;
}

/** The table that a file of a snapshot is of; null for files of no table. A format has a folder, and in it each table. */
export function tableOfPart(path: string): string | null {
  return /^[^/]+\/([^/]+)\/[^/]+$/.exec(path)?.[1] ?? null;
}
