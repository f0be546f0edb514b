import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { listRunIds } from '../snapshot/published.js';

/** Ids of runs: they sort by time, and snapshots have their names from them. */

/** `20261123T194312.345Z-3f9a1c`: sorts by time, to the millisecond because short runs follow each other fast. */
function makeRunId(time: Date): string {
  return `${time.toISOString().replace(/[-:]/g, '')}-${randomBytes(3).toString('hex')}`;
}

/** The time in an id that makeRunId made. */
function timeOfRun(runId: string): Date {
  return new Date(runId.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3}Z)-.*$/, '$1-$2-$3T$4:$5:$6'));
}

/** An id after those that there are, which order the runs: a clock may have been set back since. */
export function nextRunId(started: Date, out: string, log: Logger): string {
  const last = listRunIds(out).at(-1);
  const earliest = last === undefined ? started : new Date(timeOfRun(last).getTime() + 1);
  if (started >= earliest) return makeRunId(started);
  log.warn(
    `the clock says ${started.toISOString()}, which is before the last run, ${last!}: the id of this run goes on from there`,
  );
  return makeRunId(earliest);
}
