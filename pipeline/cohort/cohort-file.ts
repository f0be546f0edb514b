import { UsageFault } from '../base/fault.js';
import { errorName } from '../base/system-error.js';
import type { Roots } from '../source/source.js';
import { readText } from '../storage/read.js';
import { checkSpec } from './check-spec.js';
import type { Counts, LabelCounts } from './flow.js';
import type { CohortSpec } from './spec.js';

/** cohort.json: what a cohort is, and all that is needed to make the same one again from the same snapshot. */

export const COHORT_FORMAT = 'omidb-etl cohort';
const COHORT_VERSION = 1;

export interface CohortFile {
  readonly format: typeof COHORT_FORMAT;
  readonly format_version: typeof COHORT_VERSION;
  readonly name: string;
  readonly software: { readonly name: string; readonly version: string };
  readonly snapshot: {
    readonly run_id: string;
    /** A hash of each table that was read. */
    readonly tables: Readonly<Record<string, string>>;
  };
  /** Folders that the paths of the cohort start from. */
  readonly roots: Roots;
  readonly seed: number | null;
  readonly min_count: number;
  readonly exports: readonly string[];
  readonly spec: CohortSpec;
  readonly spec_sha256: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly description: string }[];
  readonly cohort: Counts;
  readonly labels: readonly LabelCounts[];
  /** Client ids by split, of an earlier cohort whose splits were kept; null: none were. */
  readonly earlier_splits: Readonly<Record<string, readonly string[]>> | null;
}

export function cohortFile(content: Omit<CohortFile, 'format' | 'format_version'>): CohortFile {
  return { format: COHORT_FORMAT, format_version: COHORT_VERSION, ...content };
}

/** @throws UsageFault where there is none, or it is not one that a cohort was written with */
export function readCohortFile(path: string): CohortFile {
  let content: Partial<CohortFile> | null;
  try {
    content = JSON.parse(readText(path)) as Partial<CohortFile> | null;
  } catch (error) {
    const why = error instanceof SyntaxError ? 'no JSON' : errorName(error);
    throw new UsageFault(`${path} cannot be read (${why}): give the cohort.json of a cohort`);
  }
  if (!isWhole(content))
    throw new UsageFault(`${path} is no cohort.json that this version of omidb-etl wrote`);
  return content;
}

function isWhole(content: Partial<CohortFile> | null): content is CohortFile {
  return (
    content?.format === COHORT_FORMAT &&
    content.format_version === COHORT_VERSION &&
    checkSpec(content.spec) === null &&
    typeof content.snapshot?.run_id === 'string' &&
    typeof content.snapshot.tables === 'object' &&
    (content.seed === null || typeof content.seed === 'number') &&
    typeof content.min_count === 'number' &&
    Array.isArray(content.exports)
  );
}
