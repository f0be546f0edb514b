import { markdownTable } from '../docs/markdown.js';
import { STAGES } from './stages.js';
import { mb, percent, plain, seconds, spreadOf, whole } from './numbers.js';
import type {
  MainResult,
  ProfileResult,
  Results,
  Runs,
  SizeResult,
  SlowResult,
  StartupResult,
  WorkersResult,
} from './results.js';
import { median, ratio, spread } from './statistics.js';
import { noise, secondsOf, verdicts, type Verdict } from './verdicts.js';

/** The results as a page of Markdown; parts that were not measured are left out. */
export function reportPage(results: Results): string {
  const sections = [
    `# Benchmark\n\nWritten by \`make bench\` (\`scripts/bench.ts\`), which measures all of this again.`,
    machineText(results),
    section('Bars', verdictTable(verdicts(results))),
    results.main &&
      section('Runs', `${RUNS_TEXT}\n\n${runsTable(results.main)}\n\n${bytesText(results.main)}`),
    results.profile && section('Where the time of a full run goes', profileText(results.profile)),
    results.sizes && section('Sizes', `${SIZES_TEXT}\n\n${sizesTable(results.sizes)}`),
    results.workerCounts && section('Workers', `${WORKERS_TEXT}\n\n${workersTable(results.workerCounts)}`),
    results.slow && section('A slow file system', slowText(results.slow)),
    results.startup && section('Start-up', startupTable(results.startup)),
    results.main && section('Tables', tablesTable(results.main)),
  ];
  return `${sections.filter((text) => text !== undefined).join('\n\n')}\n`;
}

/** A short table for the README. */
export function readmeTable({ main, clients, workers, machine }: Results): string {
  if (main === undefined) return '';
  const { cpu, cores, node } = machine;
  return [
    `${whole(clients)} clients, ${whole(main.images)} images, ${workers} workers on ${cores} cores of ${cpu}, Node ${node}:`,
    runsTable(main),
  ].join('\n\n');
}

function section(title: string, text: string): string {
  return `## ${title}\n\n${text}`;
}

function machineText(results: Results): string {
  const { machine, date, clients, workers, runs } = results;
  const { cpu, cores, memoryBytes, node, os, load } = machine;
  const quiet = noise(results);
  const lines = [
    `- ${date.slice(0, 10)}; ${cpu}, ${cores} cores, ${(memoryBytes / 1e9).toFixed(0)} GB; Node ${node}; ${os}`,
    `- ${whole(clients)} clients without faults, ${workers} workers, ${runs} rounds after a warm-up; files in the page cache`,
    `- Load of the machine before: ${load.toFixed(2)} processes.`,
  ];
  if (quiet !== null)
    lines.push(
      quiet.noisy
        ? `- **The machine was noisy**: the runs of the floor lie ${percent(quiet.unrest)} apart. Do not trust small differences.`
        : `- The machine was quiet: the runs of the floor lie ${percent(quiet.unrest)} apart.`,
    );
  return lines.join('\n');
}

export function verdictTable(all: readonly Verdict[]): string {
  const figure = (value: number, unit: Verdict['unit']) =>
    unit === 's'
      ? seconds(value)
      : unit === 'times'
        ? `${plain(value)} times`
        : `${value.toFixed(unit === '%' ? 1 : 0)} ${unit}`;
  return markdownTable(
    ['bar', 'measured', 'at most', 'verdict'],
    all.map(({ what, value, bar, unit, met }) => [
      what,
      figure(value, unit),
      figure(bar, unit),
      met ? 'met' : '**not met**',
    ]),
  );
}

const RUNS_TEXT = `In turn, each a process of its own. The floor is what reading alone costs: the same number of worker threads list the folders, read
and parse every JSON file, read 16 KB of every DICOM file and parse them to the pixel element, and keep nothing. Medians, minimum to
maximum in brackets; the ratio is that of the medians, in brackets that of single rounds.`;

export function runsTable(main: MainResult): string {
  const { floor, full, dataFloor, dataOnly, unchanged, images } = main;
  const row = (name: string, runs: Runs, to?: Runs, toName?: string) => [
    name,
    seconds(median(secondsOf(runs))) + ` (${spreadOf(spread(secondsOf(runs)))})`,
    whole(images / median(secondsOf(runs))),
    to === undefined
      ? ''
      : ((times) => `${plain(times.median)} × ${toName!} (${spreadOf(times)})`)(
          ratio(secondsOf(runs), secondsOf(to)),
        ),
    seconds(median(runs.map(({ cpuSeconds }) => cpuSeconds))),
    mb(Math.max(...runs.map(({ peakBytes }) => peakBytes))),
  ];
  return markdownTable(
    ['run', 'time', 'images/s', 'ratio', 'CPU', 'peak memory'],
    [
      row('floor', floor),
      row('full', full, floor, 'floor'),
      row('floor, data only', dataFloor),
      row('data only', dataOnly, dataFloor, 'floor'),
      row('no change', unchanged, full, 'full'),
    ],
  );
}

function bytesText({ bytesPerImage: { json, dicom }, ranges }: MainResult): string {
  return `Read for an image: ${whole(dicom)} bytes of DICOM and ${whole(json)} bytes of JSON (the client's files shared out). The clients lie in ${ranges} ranges.`;
}

function profileText({ run, threads, duckdb }: ProfileResult): string {
  const duckdbTotal = Object.values(duckdb).reduce((sum, each) => sum + each, 0);
  const { garbage, program, idle } = threads;
  const own = STAGES.reduce((sum, stage) => sum + threads[stage], 0);
  const rest = run.cpuSeconds - own - garbage - program - duckdbTotal;
  const rows = STAGES.map((stage) => [
    stage,
    threads[stage],
    stage === 'other' ? 'start, loading of modules, messages between threads' : '',
  ]) as [string, number, string][];
  for (const [stage, time] of Object.entries(duckdb)) {
    const row = rows.find(([name]) => name === stage)!;
    row[1] += time;
    row[2] = [row[2], `${seconds(time)} of it in DuckDB`].filter((text) => text !== '').join('; ');
  }
  rows.push(
    ['garbage collection', garbage, 'in the threads that wait for it'],
    ['program', program, 'in V8 and Node, outside of any function'],
    [
      'helper threads',
      Math.max(0, rest),
      'what is left of the CPU time: compiling, parallel garbage collection',
    ],
  );
  const share = (value: number) => percent(value / run.cpuSeconds);
  return [
    `One more run, under V8's profiler: ${seconds(run.seconds)}, CPU ${seconds(run.cpuSeconds)}. A sample counts for the stage of the deepest module on its`,
    'stack that belongs to one (`scripts/bench/stages.ts`): a library counts for who called it. Samples are of time, so that waiting for the',
    `disk counts too, and the parts may add up to more than the CPU time. Threads were idle for ${seconds(idle)} beside this.`,
    '',
    markdownTable(
      ['stage', 'time', 'share of CPU', ''],
      rows.map(([name, time, note]) => [name, seconds(time), share(time), note]),
    ),
  ].join('\n');
}

const SIZES_TEXT = `Full runs. Start-up is a part of the time per image that shrinks with the size.`;

function sizesTable(sizes: readonly SizeResult[]): string {
  return markdownTable(
    ['clients', 'images', 'ranges', 'time', 'per image', 'peak memory'],
    sizes.map(({ clients, images, ranges, runs }) => [
      whole(clients),
      whole(images),
      whole(ranges),
      `${seconds(median(secondsOf(runs)))} (${spreadOf(spread(secondsOf(runs)))})`,
      `${((1e3 * median(secondsOf(runs))) / images).toFixed(3)} ms`,
      mb(median(runs.map(({ peakBytes }) => peakBytes))),
    ]),
  );
}

const WORKERS_TEXT = `Beside the workers the main thread puts ranges together, so that a run uses a little more than one core for each worker.`;

function workersTable(counts: readonly WorkersResult[]): string {
  const one = counts[0]!;
  const times = (runs: Runs, base: Runs) => plain(median(secondsOf(base)) / median(secondsOf(runs)));
  return markdownTable(
    ['workers', 'full', 'faster than with 1', 'floor', 'faster than with 1', 'peak memory of full'],
    counts.map(({ workers, floor, full }) => [
      String(workers),
      seconds(median(secondsOf(full))),
      times(full, one.full),
      seconds(median(secondsOf(floor))),
      times(floor, one.floor),
      mb(median(full.map(({ peakBytes }) => peakBytes))),
    ]),
  );
}

function slowText({ delayMs, images, points }: SlowResult): string {
  const [first, last] = [points[0]!, points.at(-1)!];
  const each = (last.slow.peakBytes - first.slow.peakBytes) / (last.workers - first.workers);
  const best = points.reduce((a, b) => (b.slow.seconds < a.slow.seconds ? b : a));
  const fast = points.reduce((a, b) => (b.fast.seconds < a.fast.seconds ? b : a));
  return [
    `A file server is imitated: every opening of a file, listing of a folder and stat in the sample first waits ${delayMs} ms`,
    '(`scripts/bench/preload/slow-files.ts`); reading from an open file does not. One run each.',
    '',
    markdownTable(
      [
        'workers',
        `time at ${delayMs} ms`,
        'images/s',
        'peak memory',
        'time without delay',
        'images/s',
        'peak memory',
      ],
      points.map(({ workers, slow, fast: quick }) => [
        String(workers),
        seconds(slow.seconds),
        whole(images / slow.seconds),
        mb(slow.peakBytes),
        seconds(quick.seconds),
        whole(images / quick.seconds),
        mb(quick.peakBytes),
      ]),
    ),
    '',
    `Fastest with the delay: ${best.workers} workers, ${plain(first.slow.seconds / best.slow.seconds)} times as fast as ${first.workers}.` +
      ` Fastest without it: ${fast.workers}. A further worker takes ${mb(each)}.`,
  ].join('\n');
}

function startupTable({ version, floor, full }: StartupResult): string {
  const row = (name: string, values: readonly number[]) => [
    name,
    `${seconds(median(values))} (${spreadOf(spread(values))})`,
  ];
  return markdownTable(
    ['', 'time'],
    [row('`--version`', version), row('one client', secondsOf(full)), row('its floor', secondsOf(floor))],
  );
}

function tablesTable({ tables, images }: MainResult): string {
  const total = tables.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    `${mb(total)} in all, ${whole(total / images)} bytes for an image.`,
    '',
    markdownTable(
      ['table', 'rows', 'files', 'bytes'],
      tables.map(({ table, rows, files, bytes }) => [table, whole(rows), whole(files), whole(bytes)]),
    ),
  ].join('\n');
}
