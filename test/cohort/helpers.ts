import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCohort, type CohortRequest, type MadeCohort } from '../../pipeline/cohort/make-cohort.js';
import { openSource } from '../../pipeline/cohort/source-tables.js';
import type { CohortSpec } from '../../pipeline/cohort/spec.js';
import { openDuckDb, type Row } from '../helpers/duckdb.js';

/** What a request for a cohort has when nothing else is said. */
export function requestOf(
  snapshot: string,
  spec: CohortSpec,
  more: Partial<CohortRequest> = {},
): CohortRequest {
  return {
    spec,
    source: openSource(snapshot),
    tables: null,
    seed: null,
    earlier: null,
    minCount: 0,
    exports: [],
    software: { name: 'omidb-etl', version: '0.0.0' },
    ...more,
  };
}

export function make(
  snapshot: string,
  spec: CohortSpec,
  folder: string,
  more: Partial<CohortRequest> = {},
): Promise<MadeCohort> {
  return makeCohort(requestOf(snapshot, spec, more), folder);
}

/** Exams that a spec of a test keeps or drops. */
export function specOf(more: Partial<CohortSpec> = {}): CohortSpec {
  return {
    name: 'test',
    unit: 'exam',
    steps: [{ name: 'Screening', keep: "study_role = 'screening'" }],
    label: { name: 'cancer', sql: 'coalesce(days_to_cancer BETWEEN 0 AND 1095, false)' },
    split: { train: 0.7, test: 0.3 },
    ...more,
  };
}

/** Rows of a Parquet file of a cohort, read by DuckDB itself. */
export async function readRows(folder: string, name: string, sql = 'SELECT * FROM rows'): Promise<Row[]> {
  const ask = await openDuckDb();
  await ask(`CREATE VIEW rows AS SELECT * FROM read_parquet('${join(folder, `${name}.parquet`)}')`);
  return ask(sql);
}

/** Every file of a folder as its bytes, by name. */
export function bytesOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name)).toString('base64')]),
  );
}
