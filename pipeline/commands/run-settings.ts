import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { RESERVED_IMAGE_COLUMNS } from '../../schemas/tables/images.js';
import { loadTagSelection } from '../dicom/tag-selection.js';
import type { RunContext } from '../run/context.js';
import { assertMemory } from '../run/memory.js';
import type { RowOptions, RunOptions } from '../run/options.js';
import type { RecordOptions } from '../run/recorder.js';
import { recordFailure } from '../run/run.js';
import { gateLimits } from '../snapshot/gate/limits.js';
import { findRoots } from '../source/roots.js';
import type { Roots } from '../source/source.js';
import { formatsOf } from '../stages/write/formats.js';
import { assertPlaceForOutput, isPlaceForOutput } from './output-place.js';
import type { RunArguments, RunValues, SharedValues } from './run-options.js';

/** From the options of a command to what a run is told. */

/** What a command that begins a run was told. */
export interface Settings {
  readonly argv: Pick<RunArguments, 'database' | 'dataDir' | 'imagesDir' | 'nbssDir' | 'excludeClientsFile'>;
  readonly values: SharedValues;
  readonly record: RecordOptions;
  /** Whether nothing is written. */
  readonly isDry: boolean;
}

/** What a run is told; what goes wrong before it can begin, such as a disk that is not mounted, is on record too. */
export function recordedOptions(settings: Settings, context: RunContext): RunOptions {
  try {
    return optionsOf(settings, context.log);
  } catch (error) {
    const { database, dataDir, imagesDir, nbssDir } = settings.argv;
    const named = [database, dataDir, imagesDir, nbssDir].filter((path) => path !== undefined);
    const folders = named.map((path) => resolve(path));
    // Nor is a record written into a database, or below /proc.
    if (isPlaceForOutput(settings.record.out, folders)) recordFailure(settings.record, context, error);
    throw error;
  }
}

export function optionsOf({ argv, values, record, isDry }: Settings, log: Logger): RunOptions {
  const process = processOptions(values);
  const options: RunOptions = {
    ...record,
    ...process,
    roots: findRoots(argv),
    rows: rowOptions(values),
    allowUnknownClients: values['allow-unknown-clients'],
    sideTables: values['side-table'],
    full: values.full,
    verifyContent: values['verify-content'],
    keep: values.keep,
    report: values.report,
    budgets: values['max-mismatches'],
    gate: gateLimits(values['max-drop'], values.gate),
  };
  if (!isDry) assertPlaceForOutput(options.out, databaseOf(argv.database, options.roots));
  if (argv.excludeClientsFile !== undefined && options.rows.excludeClients.length === 0)
    log.warn('the list of clients to leave out names none: nobody is left out');
  return options;
}

/** How a process runs. @throws UsageFault when it may not take the memory that it needs */
export function processOptions(
  values: Pick<RunValues, 'workers' | 'read-ahead' | 'max-memory'>,
): Pick<RunOptions, 'workers' | 'readAhead' | 'maxMemory'> {
  assertMemory(values['max-memory'], values.workers);
  return { workers: values.workers, readAhead: values['read-ahead'], maxMemory: values['max-memory'] };
}

/** Every folder that was named as the database, or as one of its trees. */
function databaseOf(database: string | undefined, roots: Roots): string[] {
  const trees = Object.values(roots).filter((root): root is string => root !== null);
  return database === undefined ? trees : [resolve(database), ...trees];
}

function rowOptions(values: SharedValues): RowOptions {
  return {
    tags: loadTagSelection(values.tags ?? undefined, RESERVED_IMAGE_COLUMNS, values['tags-add']),
    months: {
      ciPrior: values['months-ci-prior'],
      cancerPrior: values['months-cancer-prior'],
      normalFollowUp: values['months-normal-follow-up'],
      benignFollowUp: values['months-benign-follow-up'],
    },
    includeClients: values['clients-file']?.toSorted() ?? null,
    excludeClients: values['exclude-clients-file'].toSorted(),
    formats: formatsOf(values.format),
    followLinks: values['follow-links'],
  };
}
