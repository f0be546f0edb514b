import type { DuckDb } from '../../engine/duckdb.js';
import type { CohortFile } from '../cohort-file.js';
import type { CheckedSpec } from '../cohort-db.js';

/** What an export is made of. */
export interface ExportPlace {
  /** With the tables `cohort` and `units`. */
  readonly db: DuckDb;
  readonly checked: CheckedSpec;
  readonly roots: CohortFile['roots'];
  readonly folder: string;
}

/** What was written, and how many rows of the cohort were left out, by why: the form of another program cannot say all. */
export interface ExportReport {
  readonly name: string;
  readonly files: readonly string[];
  readonly rows: number;
  readonly left_out: Readonly<Record<string, number>>;
}
