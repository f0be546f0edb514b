import type { Argv } from 'yargs';
import { withOptions, type Given, type OptionTable, type Values } from './option.js';
import { INPUT_OPTIONS } from './run-options/input-options.js';
import { MONTHS_OPTIONS } from './run-options/months-options.js';
import { OUTPUT_OPTIONS } from './run-options/output-options.js';
import { RUNNING_OPTIONS } from './run-options/running-options.js';

/** Options of `omidb-etl run`, in the order in which the help and docs/running.md list them. */
export const RUN_OPTIONS = {
  ...INPUT_OPTIONS,
  ...MONTHS_OPTIONS,
  ...OUTPUT_OPTIONS,
  ...RUNNING_OPTIONS,
} as const satisfies OptionTable;

/** Options that are of `run` alone: those of a dry run, and what is said when all is done. */
type OfRunAlone = 'dry-run' | 'plan-file' | 'json' | 'summary-json' | 'metrics-file';

/** Values of the options that say what is read and published, whether one process does it or several. */
export type SharedValues = Omit<RunValues, OfRunAlone>;

export type RunArguments = { database?: string | undefined } & Given<typeof RUN_OPTIONS>;
export type RunValues = Values<typeof RUN_OPTIONS>;

export function runOptions(yargs: Argv) {
  const described = yargs
    .usage(
      '$0 run DATABASE [options]\n\nReads a copy of OMI-DB and publishes a snapshot of its tables under --out.',
    )
    .positional('database', {
      type: 'string',
      describe: 'Folder that holds data/ and images/ (in any case)',
    });
  return withOptions(described, RUN_OPTIONS)
    .example('$0 run /data/omi-db', 'tables under output/current/tables')
    .example('$0 run /data/omi-db --out /tables --fail-on error', 'for a scheduled run')
    .example('$0 run --data-dir /a/DATA --images-dir /b/IMAGES', 'trees on different disks')
    .epilogue(
      'Exit codes: 0 published; 1 failed, nothing published; 2 wrong usage; 3 published, with mismatches at or over --fail-on, or over --max-mismatches; 4 built and verified, but refused by --max-drop or --gate: the current snapshot stays.',
    );
}
