import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { hideBin } from 'yargs/helpers';
import { thisMachine } from './bench/machine.js';
import { PARTS, parseBenchOptions, type BenchOptions, type Part } from './bench/options.js';
import { measureMain } from './bench/parts/main.js';
import { measureProfile } from './bench/parts/profile.js';
import { measureSizes } from './bench/parts/sizes.js';
import { measureSlow } from './bench/parts/slow.js';
import { measureStartup } from './bench/parts/startup.js';
import { measureWorkers } from './bench/parts/workers.js';
import { Programs } from './bench/programs.js';
import { readmeTable, reportPage } from './bench/report.js';
import type { Results } from './bench/results.js';
import { verdicts } from './bench/verdicts.js';

/** Measures the pipeline: prints a page of results, and writes it and `bench.json`. */

const DOCS = 'docs/benchmark.md';
/** The long parts are repeated no more often than this. */
const FEW = 3;
/** The short one at least this often. */
const MANY = 5;

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function measure(options: BenchOptions): Promise<Results> {
  const { clients, workers, runs, sizes, parts, folder } = options;
  const machine = thisMachine();
  const programs = new Programs(folder, say);
  const few = Math.min(FEW, runs);
  const results: Results = { date: new Date().toISOString(), machine, clients, workers, runs };
  const measurePart: Record<Part, () => Promise<Partial<Results>>> = {
    main: async () => ({ main: await measureMain(programs, clients, workers, runs) }),
    profile: async () => ({
      profile: await measureProfile(programs, clients, workers, join(folder, 'scratch')),
    }),
    startup: async () => ({ startup: await measureStartup(programs, workers, Math.max(MANY, runs)) }),
    sizes: async () => ({ sizes: await measureSizes(programs, sizes, workers, few) }),
    workers: async () => ({ workerCounts: await measureWorkers(programs, clients, machine.cores, few) }),
    slow: async () => ({ slow: await measureSlow(programs, clients, few) }),
  };
  for (const part of PARTS.filter((name) => parts.has(name))) {
    say(`part ${part}`);
    Object.assign(results, await measurePart[part]());
    // What a long benchmark has found is not lost with what breaks later.
    save(results, folder);
  }
  return results;
}

function save(results: Results, folder: string): void {
  const json = JSON.stringify({ ...results, verdicts: verdicts(results) }, null, 2);
  writeFileSync(join(folder, 'bench.json'), `${json}\n`);
  writeFileSync(join(folder, 'benchmark.md'), reportPage(results));
}

function write(results: Results, { folder, docs }: BenchOptions): void {
  copyFileSync(join(folder, 'bench.json'), 'bench.json');
  const page = reportPage(results);
  process.stdout.write(`${page}\nFor docs/speed.md:\n\n${readmeTable(results)}\n`);
  if (docs !== null) writeFileSync(docs, page);
  say(
    docs === null ? `a trial: ${DOCS} stays as it is (DOCS=file writes one)` : `written: ${docs}, bench.json`,
  );
}

try {
  const options = await parseBenchOptions(hideBin(process.argv), DOCS);
  write(await measure(options), options);
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
