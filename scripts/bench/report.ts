import { markdownTable } from '../docs/markdown.js';
import { cpuByStage } from './cpu-profile.js';
import { STAGES, type Stage } from './stages.js';
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
import { noise, secondsOf, verdicts, type Noise, type Verdict } from './verdicts.js';

/** The results as a page of Markdown; parts that were not measured are left out. */
export function reportPage(results: Results): string {
  const sections = [
    `# Benchmark\n\nWritten by \`make bench\` (\`scripts/bench.ts\`), which measures all of this again.`,
    machineText(results),
    section('Bars', verdictTable(verdicts(results))),
    results.main &&
      section('Runs', `${RUNS_TEXT}\n\n${runsTable(results.main)}\n\n${bytesText(results.main)}`),
    results.main &&
      results.startup &&
      section(
        'What the ratios are made of',
        `${RATIOS_TEXT}\n\n${ratiosTable(results.main, results.startup)}\n\n${ELSE_TEXT}`,
      ),
    results.profile && section('Where the time of a full run goes', profileText(results.profile)),
    results.sizes && section('Sizes', `${SIZES_TEXT}\n\n${sizesTable(results.sizes)}`),
    results.workerCounts && section('Workers', `${WORKERS_TEXT}\n\n${workersTable(results.workerCounts)}`),
    results.slow && section('A slow file system', slowText(results.slow)),
    results.startup && section('Start-up', startupTable(results.startup)),
    results.main && section('Tables', tablesTable(results.main)),
  ];
  return `${sections.filter((text) => text !== undefined).join('\n\n')}\n`;
}

/** A short table for docs/speed.md. */
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
  const lines = [
    `- ${date.slice(0, 10)}; ${cpu}, ${cores} cores, ${(memoryBytes / 1e9).toFixed(0)} GB; Node ${node}; ${os}`,
    `- ${whole(clients)} clients without faults, ${workers} workers, ${runs} rounds after a warm-up; files in the page cache`,
    noiseText(noise(results), load),
  ];
  return lines.join('\n');
}

function noiseText({ unrest, noisy }: Noise, load: number): string {
  const floor =
    unrest === null
      ? 'too few runs of the floor to tell more'
      : `the runs of the floor lie ${percent(unrest)} apart`;
  const facts = `${load.toFixed(2)} processes ran or waited before it began, ${floor}`;
  return noisy
    ? `- **The machine was noisy**: ${facts}. Do not trust small differences.`
    : `- Nothing speaks against a quiet machine: ${facts}.`;
}

function verdictTable(all: readonly Verdict[]): string {
  return markdownTable(
    ['bar', 'measured', 'at most', 'verdict'],
    all.map(({ what, value, bar, unit, met }) => [
      what,
      FIGURE[unit](value),
      FIGURE[unit](bar),
      met ? 'met' : '**not met**',
    ]),
  );
}

const FIGURE: Readonly<Record<Verdict['unit'], (value: number) => string>> = {
  s: (value) => `${value.toFixed(3)} s`,
  times: (value) => `${plain(value)} times`,
  MB: (value) => `${value.toFixed(0)} MB`,
  '%': (value) => `${value.toFixed(1)} %`,
};

const RUNS_TEXT = `In turn, each a process of its own. The floor is what reading alone costs: the same number of worker threads list the folders, read
and parse every JSON file, read 16 KB of every DICOM file and parse them to the pixel element, and keep nothing. Medians, minimum to
maximum in brackets; the ratio is that of the medians, in brackets that of single rounds. Peak memory is the greatest resident set of
the process as the kernel counts it (ru_maxrss), the most of all rounds; neither program starts another process. The plain reader in
Python (\`scripts/bench/peer.py\`) is what one writes in an afternoon: one process, json.load of each JSON header, ten values of it
into one CSV; no DICOM file, no pairing, no other table.`;

function runsTable(main: MainResult): string {
  const { floor, full, dataFloor, dataOnly, dataOnlyAlone, peer, unchanged } = main;
  const row = (name: string, runs: Runs, times: string) => [
    name,
    timeOf(runs),
    whole(main.images / median(secondsOf(runs))),
    times,
    seconds(median(runs.map(({ cpuSeconds }) => cpuSeconds))),
    mb(Math.max(...runs.map(({ peakBytes }) => peakBytes))),
  ];
  return markdownTable(
    ['run', 'time', 'images/s', 'ratio', 'CPU', 'peak memory'],
    [
      row('floor', floor, ''),
      row('full', full, `${ratioOf(full, floor)} of its floor`),
      row('floor, data only', dataFloor, ''),
      row('data only', dataOnly, `${ratioOf(dataOnly, dataFloor)} of its floor`),
      row('data only, one worker', dataOnlyAlone, ''),
      row('no change', unchanged, `${ratioOf(unchanged, full)} of full`),
      ...(peer.length === 0 ? [] : [row('plain reader in Python', peer, '')]),
    ],
  );
}

/** Median, minimum to maximum. */
function timeOf(runs: Runs): string {
  return secondsText(secondsOf(runs));
}

function secondsText(values: readonly number[]): string {
  return `${seconds(median(values))} (${spreadOf(spread(values))})`;
}

function ratioOf(of: Runs, to: Runs): string {
  const times = ratio(secondsOf(of), secondsOf(to));
  return `${plain(times.median)} (${spreadOf(times)})`;
}

function bytesText({ bytesPerImage: { json, dicom }, ranges }: MainResult): string {
  return `Read for an image: ${whole(dicom)} bytes of DICOM and ${whole(json)} bytes of JSON (the client's files shared out). The clients lie in ${ranges} ranges.`;
}

function profileText({ run, threads, duckdb }: ProfileResult): string {
  const { stages, garbage, program, helpers, scale } = cpuByStage(run.cpuSeconds, threads, duckdb);
  const notes: Partial<Record<Stage, string>> = {
    load: 'finding and compiling modules, in every thread: in the bundle much less',
    other: 'start, messages between threads, what no stage owns',
  };
  const rows = STAGES.map((stage): [string, number, string] => {
    const query = duckdb[stage];
    return [
      stage,
      stages[stage],
      notes[stage] ?? (query === undefined ? '' : `${seconds(query)} of it in DuckDB`),
    ];
  });
  rows.push(
    ['garbage collection', garbage, 'in the threads that wait for it'],
    ['program', program, 'in V8 and Node, outside of any function'],
    ['helper threads', helpers, 'the rest: compiling, parallel garbage collection'],
  );
  return [
    `One more run, under V8's profiler: ${seconds(run.seconds)}, CPU ${seconds(run.cpuSeconds)}. It is of the program before it is bundled, where each module is a file of`,
    'its own: a sample counts for the stage of the deepest module on its stack that belongs to one (`scripts/bench/stages.ts`), so that a',
    'library counts for who called it. Samples are of time; where threads waited for a',
    `core they are scaled to the CPU time of the process (here by ${plain(scale)}). Beside this the threads were idle for ${seconds(threads.idle)} and`,
    `waited for ${seconds(threads.fsync)} until the disk had what was written (fsync).`,
    '',
    markdownTable(
      ['stage', 'CPU', 'share', ''],
      rows.map(([name, time, note]) => [name, seconds(time), percent(time / run.cpuSeconds), note]),
    ),
  ].join('\n');
}

const RATIOS_TEXT = `CPU time of the runs, and in times of the floor. Writing alone is the same tables, written again by the same code and as many
worker threads from Arrow that is in memory already (\`scripts/bench/writing.ts\`). Start and end is what a full run of one client
takes beyond its floor: loading the program and its libraries in each thread, opening DuckDB and asking it, publishing (and writing
the tables of one client; for data only that of a run with images stands in).`;
const ELSE_TEXT = `All else is what the elements and records are turned into: values, rows, columns, mismatches, what DuckDB reads back of more than one
client; and the compiling of the functions that do it, which V8 does once in each thread, however many clients there are.`;

/** CPU time that a run takes at least: what it reads, what it writes, and what it takes for one client already. */
function ratiosTable(main: MainResult, startup: StartupResult): string {
  const cpu = (runs: Runs) => median(runs.map(({ cpuSeconds }) => cpuSeconds));
  const floor = [cpu(main.floor), cpu(main.dataFloor)];
  const writing = [cpu(main.writing), cpu(main.dataWriting)];
  const whole = [cpu(main.full), cpu(main.dataOnly)];
  const ends = cpu(startup.full) - cpu(startup.floor);
  const least = floor.map((value, i) => value + writing[i]! + ends);
  const rest = whole.map((value, i) => value - least[i]!);
  const row = (what: string, values: readonly number[]) => [
    what,
    ...values.flatMap((value, i) => [seconds(value), plain(value / floor[i]!)]),
  ];
  return markdownTable(
    ['', 'full', 'of its floor', 'data only', 'of its floor'],
    [
      row('floor', floor),
      row('writing alone', writing),
      row('start and end', [ends, ends]),
      row('together: the least', least),
      row('all else', rest),
      row('the whole run', whole),
    ],
  );
}

const SIZES_TEXT = `The floor and full runs in turn. Start-up, and the compiling of what runs often, is a part of the time per image that shrinks with the
size; that of the floor does too.`;

function sizesTable(sizes: readonly SizeResult[]): string {
  return markdownTable(
    ['clients', 'images', 'ranges', 'time', 'per image', 'peak memory', 'floor per image', 'ratio'],
    sizes.map(({ clients, images, ranges, floor, runs }) => [
      whole(clients),
      whole(images),
      whole(ranges),
      timeOf(runs),
      perImage(runs, images),
      mb(median(runs.map(({ peakBytes }) => peakBytes))),
      perImage(floor, images),
      ratioOf(runs, floor),
    ]),
  );
}

function perImage(runs: Runs, images: number): string {
  return `${((1e3 * median(secondsOf(runs))) / images).toFixed(3)} ms`;
}

const WORKERS_TEXT = `Cores used are CPU time by time: beside the workers, V8's threads compile and collect garbage, and the main thread puts ranges
together. Where all cores are used more workers cannot be faster.`;

function workersTable(counts: readonly WorkersResult[]): string {
  const one = counts[0]!;
  const times = (runs: Runs, base: Runs) => plain(median(secondsOf(base)) / median(secondsOf(runs)));
  return markdownTable(
    [
      'workers',
      'full',
      'faster than with 1',
      'cores used',
      'floor',
      'faster than with 1',
      'cores used',
      'peak memory of full',
    ],
    counts.map(({ workers, floor, full }) => [
      String(workers),
      seconds(median(secondsOf(full))),
      times(full, one.full),
      coresUsed(full),
      seconds(median(secondsOf(floor))),
      times(floor, one.floor),
      coresUsed(floor),
      mb(median(full.map(({ peakBytes }) => peakBytes))),
    ]),
  );
}

function coresUsed(runs: Runs): string {
  return plain(median(runs.map(({ cpuSeconds, seconds: time }) => cpuSeconds / time)));
}

function slowText({ clients, skipped, points, plain: untraced, direct }: SlowResult): string {
  if (skipped !== null) return `Not measured: ${skipped}.`;
  const none = points[0]!;
  return [
    `A file server is imitated with strace: each opening of a file, listing of a folder and look at a file, whoever makes it, first waits`,
    `so long (\`delay_enter\` of openat, statx, newfstatat and getdents64; those of the output and of loading the program too). The tail is`,
    `one call in a hundred of half a second. ${whole(clients)} clients, default options, 2 workers; ratios to the same run, traced too, without a delay.`,
    '',
    markdownTable(
      ['calls wait', 'full', 'ratio', 'data only', 'ratio', 'no change', 'ratio', 'peak memory'],
      points.map((point) => [
        point.disk,
        ...(['full', 'dataOnly', 'unchanged'] as const).flatMap((kind) => [
          timeOf(point[kind]),
          ratioOf(point[kind], none[kind]),
        ]),
        mb(Math.max(...point.full.map(({ peakBytes }) => peakBytes))),
      ]),
    ),
    '',
    `Without strace a full run takes ${timeOf(untraced)}, and ${timeOf(direct)} where nothing is ever read ahead (\`--read-ahead 0\`).`,
  ].join('\n');
}

function startupTable({ version, floor, full }: StartupResult): string {
  return markdownTable(
    ['run', 'time'],
    [
      ['`omidb-etl --version`', secondsText(version)],
      ['one client', timeOf(full)],
      ['its floor', timeOf(floor)],
    ],
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
