import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { findRoots } from '../../pipeline/source/roots.js';
import { NO_PROGRESS } from '../../pipeline/run/progress.js';
import { run } from '../../pipeline/run/run.js';
import type { RunSummary } from '../../pipeline/run/summary.js';
import { runOptions, type MoreOptions } from '../helpers/run-options.js';
import { startRun, type Finished } from '../crash/helpers.js';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const REFUSE = fileURLToPath(new URL('./refuse-calls.js', import.meta.url));

/** Runs with calls of the file system that fail (see refuse-calls.ts). */
export function runRefusing(
  refuse: string,
  database: string,
  out: string,
  args: readonly string[] = [],
): Promise<Finished> {
  const nodeArgs = ['--import', REFUSE];
  return startRun(database, out, { args, nodeArgs, env: { REFUSE: refuse } }).finished;
}

/** Runs in this process, and gives what was logged. */
export async function runLogged(
  database: string,
  out: string,
  more: MoreOptions = {},
): Promise<{ summary: RunSummary; log: string }> {
  let log = '';
  const sink = { write: (text: string) => void (log += text) };
  const summary = await run(runOptions(findRoots({ database }), out, more), {
    log: pino({ level: 'info' }, sink),
    progress: NO_PROGRESS,
    now: () => new Date(),
    signal: new AbortController().signal,
  });
  return { summary, log };
}

/** A copy of the built program, to be changed. @returns its folder */
export function copyProgram(folder: string): string {
  mkdirSync(join(folder, 'dist'), { recursive: true });
  for (const path of ['dist/bundle', 'schemas', 'package.json'])
    cpSync(join(PROJECT, path), join(folder, path), { recursive: true });
  symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}
