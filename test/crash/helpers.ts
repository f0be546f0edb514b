import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { pino } from 'pino';
import { findRoots } from '../../pipeline/source/roots.js';
import { NO_PROGRESS } from '../../pipeline/run/progress.js';
import { run } from '../../pipeline/run/run.js';
import type { RunSummary } from '../../pipeline/run/summary.js';
import { makeSample } from '../../scripts/sample/database.js';
import { FAULT_KINDS } from '../../scripts/sample/faults.js';
import { CLI, withoutEvents } from '../helpers/cli.js';
import { RUNS_ALL } from '../helpers/extent.js';
import { BOUNDED } from '../helpers/processes.js';
import { runOptions, type MoreOptions } from '../helpers/run-options.js';
import { filesBelow } from '../sample/tree.js';

/** A folder that is removed after the tests of the file. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'omidb-crash-'));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A sample database with every fault that so many clients have room for; 13 clients and more lie in 3 ranges. */
export function sampleDatabase(out: string, clients: number, seed = 5): string {
  makeSample({ out, clients, seed, faults: FAULT_KINDS, pixels: 'sparse' });
  return out;
}

/** A sample database in three ranges, with some faults: 14 clients, or the few of a small set. */
export function threeRanges(out: string): string {
  return keepFew(sampleDatabase(out, 14));
}

/** Three clients of the first range and one of each other. */
const FEW = ['demd128247', 'optm1', 'optm2', 'optm3', 'optm200045'];

/** A sample database, of which a small set has a few clients only: each of the many runs over it is cheaper. */
export function keepFew(database: string, more: readonly string[] = []): string {
  if (RUNS_ALL) return database;
  for (const path of ['data', 'images'].map((tree) => join(database, tree))) {
    for (const name of readdirSync(path)) {
      if (/^(optm|demd)\d+$/.test(name) && ![...FEW, ...more].includes(name))
        rmSync(join(path, name), { recursive: true });
    }
  }
  return database;
}

/** A copy of the output of a run, to go on with: cheaper than another run. */
export function copyOutput(from: string, to: string): void {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** Path -> sha256 of every part file and of mismatches.jsonl of the current snapshot. */
export function results(out: string): Record<string, string> {
  const current = join(out, 'current');
  const parts = filesBelow(join(current, 'tables')).map((path) => `tables/${path}`);
  const paths = [...parts, 'mismatches.jsonl'];
  return Object.fromEntries(paths.map((path) => [path, sha256(join(current, path))]));
}

interface FileRecord {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

interface ManifestShape {
  readonly run_id: string;
  readonly work: { readonly client_ranges: Record<string, number> };
  readonly tables: Record<string, { readonly files: FileRecord[] }>;
  readonly mismatches: { readonly file: FileRecord };
}

export function readManifest(out: string): ManifestShape {
  return JSON.parse(readFileSync(join(out, 'current', 'manifest.json'), 'utf8')) as ManifestShape;
}

/** Fails when there is a `current` and anything that its manifest lists is not there as it says. */
export function assertReadable(out: string): void {
  if (!readdirSync(out).includes('current')) return;
  const manifest = readManifest(out);
  assert.equal(readlinkSync(join(out, 'current')), join('snapshots', manifest.run_id));
  const files = Object.values(manifest.tables).flatMap((table) => table.files);
  assert.ok(files.length > 0);
  for (const file of [...files, manifest.mismatches.file]) {
    assert.equal(sha256(join(out, 'current', file.path)), file.sha256, file.path);
  }
}

/** One clear sentence on stderr: what, where, and what to do; no stack. */
export function assertSentence(stderr: string, pattern: RegExp): void {
  const lines = stderr.trim().split('\n');
  assert.equal(lines.length, 1, stderr);
  assert.match(lines[0]!, pattern);
  assert.doesNotMatch(stderr, /an error of the program/);
}

const LEFT = ['current', 'current.json', 'snapshots', 'last-run.json', 'runs.jsonl'];

/** Everything in an output folder that a finished run does not leave there. */
export function leftovers(out: string): string[] {
  const top = readdirSync(out).filter((name) => !LEFT.includes(name));
  const hidden = readdirSync(join(out, 'snapshots')).filter((name) => name.startsWith('.'));
  return [...top, ...hidden, ...filesBelow(join(out, 'snapshots')).filter((path) => path.endsWith('.tmp'))];
}

/** Names of published snapshots, oldest first. */
export function snapshots(out: string): string[] {
  const folder = join(out, 'snapshots');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => !name.startsWith('.')).sort();
}

/** Where a run that died would have left the snapshot that it was building. */
export function deadBuilding(out: string): string {
  return join(out, 'snapshots', '.building-0123456789ab', 'snapshot');
}

/** The snapshot that a run is building, or left; where there is none, a path of nothing. */
export function buildingOf(out: string): string {
  const folder = join(out, 'snapshots');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return join(folder, names.find((name) => name.startsWith('.building-')) ?? '.building-', 'snapshot');
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** Starts `omidb-etl run` as a process of its own. */
export function startRun(
  database: string,
  out: string,
  more: { args?: readonly string[]; nodeArgs?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
): { child: ChildProcess; finished: Promise<Finished> } {
  const args = [...(more.nodeArgs ?? []), CLI, 'run', database, '--out', out, '--no-progress'];
  // The whole loops also die while a report is made.
  const report = RUNS_ALL ? [] : ['--no-report'];
  const child = spawn(process.execPath, [...args, ...report, '--workers', '2', ...(more.args ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...more.env },
    ...BOUNDED,
  });
  const start = performance.now();
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code, signal) => {
      const seconds = (performance.now() - start) / 1000;
      resolve({ code, signal, stdout, stderr: withoutEvents(stderr), seconds });
    });
  });
  return { child, finished };
}

/** Runs in this process, which in the small set starts no more threads than it needs: what is published is the same. */
export function runHere(
  database: string,
  out: string,
  more: MoreOptions = {},
  signal = new AbortController().signal,
): Promise<RunSummary> {
  return run(runOptions(findRoots({ database }), out, more), {
    log: pino({ level: 'silent' }),
    progress: NO_PROGRESS,
    now: () => new Date(),
    signal,
  });
}

/** Ranges of a run by why they were read, or not. */
export function reasons(summary: RunSummary): Record<string, number> {
  return summary.work.client_ranges;
}
