import type { MainResult, Results, Runs, SlowDisk } from './results.js';
import { excess, median, ratio, unrest } from './statistics.js';

/** A bar that the pipeline is held to, and how it stands to it. */
export interface Verdict {
  readonly what: string;
  readonly value: number;
  readonly bar: number;
  readonly unit: 'times' | 'MB' | '%' | 's';
  readonly met: boolean;
}

/** The verdict on each bar that the measured parts tell of. */
export function verdicts(results: Results): Verdict[] {
  return [
    ...ratioVerdicts(results),
    ...sizeVerdicts(results),
    ...startupVerdicts(results),
    ...slowVerdicts(results),
  ];
}

export function secondsOf(runs: Runs): number[] {
  return runs.map(({ seconds }) => seconds);
}

export function cpuOf(runs: Runs): number[] {
  return runs.map(({ cpuSeconds }) => cpuSeconds);
}

function verdict(what: string, value: number, bar: number, unit: Verdict['unit']): Verdict {
  return { what, value, bar, unit, met: value <= bar };
}

function ratioVerdicts({ main }: Results): Verdict[] {
  if (main === undefined) return [];
  const times = (of: Runs, to: Runs) => ratio(secondsOf(of), secondsOf(to)).median;
  return [
    verdict('full run, to its floor', times(main.full, main.floor), 2.0, 'times'),
    verdict('data-only run, to its floor', times(main.dataOnly, main.dataFloor), 3.0, 'times'),
    verdict('run without any change, to the full run', times(main.unchanged, main.full), 0.08, 'times'),
    ...peerVerdicts(main),
  ];
}

/** Against the plain reader in Python, where there is one. */
function peerVerdicts({ peer, dataOnly, dataOnlyAlone }: MainResult): Verdict[] {
  if (peer.length === 0) return [];
  const time = ratio(secondsOf(dataOnly), secondsOf(peer)).median;
  const cpu = ratio(cpuOf(dataOnlyAlone), cpuOf(peer)).median;
  return [
    verdict('data-only run, to the reader in Python', time, 0.5, 'times'),
    verdict('CPU time of a data-only run with one worker, to that reader', cpu, 1, 'times'),
  ];
}

/** Of the largest sample: what a long run comes to. */
const LARGE = 8000;

/** Peak memory of all full runs; how it and the time per image differ between the sizes. */
function sizeVerdicts({ main, sizes }: Results): Verdict[] {
  const all = [...(main?.full ?? []), ...(sizes ?? []).flatMap(({ runs }) => runs)];
  if (all.length === 0) return [];
  const peak = Math.max(...all.map(({ peakBytes }) => peakBytes)) / 1e6;
  const verdictOfPeak = verdict('peak memory of a full run', peak, 500, 'MB');
  if (sizes === undefined || sizes.length < 2) return [verdictOfPeak];
  const peaks = sizes.map(({ runs }) => median(runs.map(({ peakBytes }) => peakBytes)));
  const times = sizes.map(({ runs, images }) => median(secondsOf(runs)) / images);
  const range = sizes.map(({ clients }) => clients.toLocaleString('en')).join(', ');
  const large = sizes.find(({ clients }) => clients === LARGE);
  const ofFloor = large && ratio(secondsOf(large.runs), secondsOf(large.floor)).median;
  return [
    verdictOfPeak,
    ...(ofFloor === undefined
      ? []
      : [verdict('full run of 8,000 clients, to its floor', ofFloor, 1.8, 'times')]),
    verdict(`peak memory: greatest over least of ${range} clients`, 100 * excess(peaks), 15, '%'),
    verdict(`time per image: greatest over least of ${range} clients`, 100 * excess(times), 10, '%'),
  ];
}

function startupVerdicts({ startup }: Results): Verdict[] {
  if (startup === undefined) return [];
  const beyond = median(secondsOf(startup.full)) - median(secondsOf(startup.floor));
  return [
    verdict('omidb-etl --version', median(startup.version), 0.15, 's'),
    verdict('run of one client, beyond its floor', beyond, 0.7, 's'),
  ];
}

/** What the runs of a slow disk may take, to those of one that is not; and memory, over all of them. */
function slowVerdicts({ slow }: Results): Verdict[] {
  if (slow?.skipped !== null) return [];
  const times = (kind: 'full' | 'dataOnly' | 'unchanged', disk: SlowDisk) => {
    const of = (wanted: SlowDisk) => secondsOf(slow.points.find((point) => point.disk === wanted)![kind]);
    return ratio(of(disk), of('none')).median;
  };
  const peaks = slow.points.map(({ full }) => median(full.map(({ peakBytes }) => peakBytes)));
  const unchanged = ratio(secondsOf(slow.plain), secondsOf(slow.direct)).median;
  return [
    verdict('full run with 2 ms for each call, to one without', times('full', '2 ms'), 1.5, 'times'),
    verdict('data-only run with 2 ms, to one without', times('dataOnly', '2 ms'), 1.5, 'times'),
    verdict('full run with 10 ms, to one without', times('full', '10 ms'), 4, 'times'),
    verdict('data-only run with 10 ms, to one without', times('dataOnly', '10 ms'), 4, 'times'),
    verdict('run without any change with 2 ms, to one without', times('unchanged', '2 ms'), 6, 'times'),
    verdict('full run on a quick disk, to one that never reads ahead', unchanged, 1.03, 'times'),
    verdict('peak memory: greatest over least of the disks', 100 * excess(peaks), 15, '%'),
  ];
}

/** The floor does the same each time: when its runs differ by more than this share, something else was running. */
const QUIET_UNREST = 0.1;
/** So many other processes for each core, or more, and something else was running. */
const QUIET_LOAD = 0.5;

export interface Noise {
  /** How far the runs of the floor lie apart; null where there are not two. */
  readonly unrest: number | null;
  readonly noisy: boolean;
}

/** What to think of the measurements. */
export function noise({ main, machine: { load, cores } }: Results): Noise {
  const share = main === undefined || main.floor.length < 2 ? null : unrest(secondsOf(main.floor));
  return { unrest: share, noisy: load >= QUIET_LOAD * cores || (share !== null && share > QUIET_UNREST) };
}
