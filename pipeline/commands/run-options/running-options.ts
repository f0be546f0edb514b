import { LOG_LEVELS } from '../../run/log-level.js';
import { filesAhead, megabytes, optionalPath, workers } from '../option-values.js';
import type { OptionTable } from '../option.js';

const GROUP = 'Running:';

/** Options of `omidb-etl run` that say how it runs, and what it says. */
export const RUNNING_OPTIONS = {
  workers: {
    type: 'string',
    defaultDescription: 'the number of cores, at most 8',
    describe: 'Worker threads; 0: all is done in one thread, for a debugger',
    readme: 'worker threads; `0`: all is done in one thread, for a debugger or a profiler',
    group: GROUP,
    parse: workers,
    manifest: 'workers',
  },
  'max-memory': {
    type: 'string',
    defaultDescription: '600 MB for 2 workers, 125 MB for each further',
    describe: 'Memory that the run may take: MB, or a number with GB',
    readme:
      'memory that the run may take, in MB, or with a unit: `600`, `2GB`; see [memory](running.md#memory). There is no need to set it',
    group: GROUP,
    parse: megabytes,
    manifest: 'max_memory',
  },
  'summary-json': {
    type: 'boolean',
    default: false,
    describe: 'Print the record of the run, as last-run.json has it, to stdout and nothing else',
    readme: 'print the record of the run, as `last-run.json` has it, to stdout and nothing else',
    group: GROUP,
  },
  'metrics-file': {
    type: 'string',
    describe: 'Write metrics of the run to this file, for the textfile collector of node_exporter',
    readme:
      'write metrics of the run to this file (`….prom`), for the textfile collector of node_exporter, see [scheduling](scheduling.md#prometheus)',
    group: GROUP,
    parse: optionalPath,
  },
  'read-ahead': {
    type: 'string',
    default: '512',
    describe: 'Files that are read ahead on a slow disk, for those who measure; 0: none',
    readme:
      'how many files are read ahead, at most, where the disk lets one wait (a file server); `0`: none. There is no need to set it',
    group: GROUP,
    parse: filesAhead,
    manifest: 'read_ahead',
  },
  'log-level': {
    choices: LOG_LEVELS,
    default: 'info' as const,
    describe: 'How much to log',
    group: GROUP,
  },
  'log-file': {
    type: 'string',
    describe: 'Append the log to this file instead of stderr',
    group: GROUP,
  },
  'json-logs': {
    type: 'boolean',
    default: false,
    describe: 'Log one JSON object a line',
    group: GROUP,
  },
  progress: {
    type: 'boolean',
    default: true,
    describe: 'Show progress; --no-progress turns it off',
    readme:
      'on a terminal a bar with clients, images/s and time left; elsewhere a log line every 30 seconds. `--no-progress` turns it off',
    group: GROUP,
  },
} as const satisfies OptionTable;
