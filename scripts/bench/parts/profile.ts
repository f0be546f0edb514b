import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { addProfile, noSeconds, type CpuProfile } from '../cpu-profile.js';
import type { Programs } from '../programs.js';
import type { ProfileResult } from '../results.js';
import { runOf } from './main.js';

const DUCKDB_TIME = new URL('../preload/duckdb-time.js', import.meta.url);

/** One full run, not bundled, under V8's profiler, which writes a profile for every thread when it ends. */
export async function measureProfile(
  programs: Programs,
  clients: number,
  workers: number,
  scratch: string,
): Promise<ProfileResult> {
  const folder = join(scratch, 'profiles');
  const duckdbFile = join(scratch, 'duckdb.json');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const run = await programs.unbundled(programs.sample(clients), workers, {
    imports: [DUCKDB_TIME],
    flags: ['--cpu-prof', `--cpu-prof-dir=${folder}`],
    env: { OMIDB_BENCH_DUCKDB: duckdbFile },
  });
  const files = readdirSync(folder);
  if (files.length < workers + 1)
    throw new Error(`${files.length} profiles of ${workers} workers and the main thread in ${folder}`);
  const threads = noSeconds();
  for (const file of files)
    addProfile(threads, JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile);
  const duckdb = JSON.parse(readFileSync(duckdbFile, 'utf8')) as ProfileResult['duckdb'];
  return { run: runOf(run), threads, duckdb };
}
