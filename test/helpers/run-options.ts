import { loadTagSelection, type TagSelection } from '../../pipeline/dicom/tag-selection.js';
import type { RowOptions, RunOptions } from '../../pipeline/run/options.js';
import { RUNS_ALL } from './extent.js';
import { NO_MONTHS } from './months.js';
import { gateLimits } from '../../pipeline/snapshot/gate/limits.js';
import './engine.js';
import type { Roots } from '../../pipeline/source/source.js';
import { RESERVED_IMAGE_COLUMNS } from '../../schemas/tables/images.js';

/** Options that differ from those of a plain `omidb-etl run`. */
export type MoreOptions = Partial<Omit<RunOptions, 'rows'>> & { readonly rows?: Partial<RowOptions> };

/** What `omidb-etl run` makes of no options, but with two workers or none, without a report and without a gate. */
export function runOptions(roots: Roots, out: string, { rows, ...more }: MoreOptions = {}): RunOptions {
  const plainRows: RowOptions = {
    tags: selectTags(),
    months: NO_MONTHS,
    includeClients: null,
    excludeClients: [],
    formats: ['parquet'],
    followLinks: false,
  };
  const plain = {
    // A small set starts no thread for each of its many runs; those of the program in a process of its own do.
    workers: RUNS_ALL ? 2 : 0,
    readAhead: 512,
    maxMemory: null,
    allowUnknownClients: false,
    sideTables: [],
    full: false,
    verifyContent: null,
    keep: 7,
    // It is tested by itself.
    report: false,
    budgets: [],
    gate: gateLimits(['none'], []),
    failOn: 'never',
    metricsFile: null,
    echo: {},
  } as const;
  return { roots, out, ...plain, ...more, rows: { ...plainRows, ...rows } };
}

/** @param file a tag selection; the one that is shipped when left out */
export function selectTags(file?: string): TagSelection {
  return loadTagSelection(file, RESERVED_IMAGE_COLUMNS);
}
