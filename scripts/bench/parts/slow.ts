import { spawnSync } from 'node:child_process';
import type { Finished, Run } from '../measured-run.js';
import type { Programs } from '../programs.js';
import type { SlowDisk, SlowResult } from '../results.js';
import { runOf } from './main.js';

/** Default options on two cores; so many clients take half a minute with a long delay. */
const ENOUGH_CLIENTS = 1024;
const WORKERS = 2;

/** What opens, lists and looks at files, whatever library calls it: a file server lets each of them wait. */
const CALLS = 'openat,statx,newfstatat,getdents64';

/** Disks that are imitated. Of the tail each thread meets its 50th call of each sort, and every hundredth after it. */
export const SLOW_DISKS: Readonly<Record<SlowDisk, string | null>> = {
  none: null,
  '2 ms': 'delay_enter=2000',
  '10 ms': 'delay_enter=10000',
  tail: 'delay_enter=500000:when=50+100',
};

/**
 * A program and its arguments, to be put before another: it delays the system calls of that, of all its threads.
 * @param log file that gets a line for each call
 */
export function delaying(disk: SlowDisk, log = '/dev/null'): readonly string[] {
  const inject = SLOW_DISKS[disk];
  const injected = inject === null ? [] : ['-e', `inject=${CALLS}:${inject}`];
  return ['strace', '-f', '-o', log, '-e', `trace=${CALLS}`, ...injected];
}

/** Whether system calls can be delayed here; else why not. */
export function whyNotDelayed(): string | null {
  const [program, ...args] = delaying('2 ms');
  const { error, status, stderr } = spawnSync(program!, [...args, 'true'], { encoding: 'utf8' });
  if (error !== undefined) return 'strace, which delays system calls, is not there';
  return status === 0 ? null : `strace cannot delay system calls here: ${stderr.trim()}`;
}

/** Full runs, runs of data only and runs without changes, on each of the disks in turn. */
export async function measureSlow(programs: Programs, atMost: number, rounds: number): Promise<SlowResult> {
  const clients = Math.min(atMost, ENOUGH_CLIENTS);
  const skipped = whyNotDelayed();
  if (skipped !== null) return { clients, images: 0, skipped, points: [], direct: [], plain: [] };
  const database = programs.sample(clients);
  const points = (Object.keys(SLOW_DISKS) as SlowDisk[]).map((disk) => {
    return { disk, full: [] as Run[], unchanged: [] as Run[], dataOnly: [] as Run[] };
  });
  const direct: Finished[] = [];
  const plain: Finished[] = [];
  await programs.full(database, WORKERS);
  const { images } = programs.manifest().inputs;
  for (let round = 0; round < rounds; round++) {
    plain.push(await programs.full(database, WORKERS));
    direct.push(await programs.full(database, WORKERS, {}, ['--read-ahead', '0']));
    for (const { disk, full, unchanged, dataOnly } of points) {
      const options = { before: delaying(disk) };
      full.push(runOf(await programs.full(database, WORKERS, options)));
      unchanged.push(runOf(await programs.unchanged(database, WORKERS, options)));
      dataOnly.push(runOf(await programs.dataOnly(database, WORKERS, options)));
    }
  }
  return { clients, images, skipped, points, direct: direct.map(runOf), plain: plain.map(runOf) };
}
