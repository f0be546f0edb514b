import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { RUNS_ALL } from './extent.js';
import { commandInThread } from './in-thread.js';
import { BOUNDED } from './processes.js';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const { bin } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
  bin: Record<string, string>;
};

/** The program as it is installed: what `omidb-etl` starts. */
export const CLI = join(PROJECT, bin['omidb-etl']!);

export interface Finished {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  /** Without the events that every run logs. */
  readonly stderr: string;
  /** With them. */
  readonly log: string;
}

/** What a run says on stderr beside its events, which are a line each. */
export function withoutEvents(stderr: string): string {
  return stderr.replace(
    /^.*"event":"(?:started|planned|divided|task_done|progress|published|unchanged|refused|failed|interrupted|died)".*\n/gm,
    '',
  );
}

export interface CliOptions {
  readonly cwd?: string;
  /** Run as the user nobody; needs root. */
  readonly asNobody?: boolean;
}

const NOBODY = 65534;

/** To make a report takes longer than many a run of a test; `test/report/` tests it. */
function withoutReport(args: readonly string[]): readonly string[] {
  const [command, ...rest] = args;
  return command === 'run' && !rest.includes('--report') ? [command, '--no-report', ...rest] : args;
}

/** Those that change the folder of the process, which a thread cannot. */
const OF_A_PROCESS = ['catalogue'];

/**
 * Runs a command of the program to its end. A run makes no report, unless with `--report`. A small set runs it in a thread
 * of this process, and there does all in one; the whole one, and `runProcess`, as a user does.
 */
export function runCli(args: readonly string[], options: CliOptions = {}): Finished {
  if (RUNS_ALL || options.asNobody === true || OF_A_PROCESS.includes(args[0] ?? ''))
    return runProcess(args, options);
  const { code, stdout, stderr } = commandInThread(inOneThread(withoutReport(args)), options.cwd);
  return { code, stdout, stderr: withoutEvents(stderr), log: stderr };
}

/** A run of few clients is over sooner than a thread of its own is started. */
function inOneThread(args: readonly string[]): readonly string[] {
  const [command, ...rest] = args;
  return command === 'run' && !rest.some((arg) => arg.startsWith('--workers'))
    ? [command, '--workers', '0', ...rest]
    : args;
}

/** Runs the program in a child process to its end. A run makes no report, unless with `--report`. */
export function runProcess(args: readonly string[], { cwd, asNobody = false }: CliOptions = {}): Finished {
  const result = spawnSync(process.execPath, [CLI, ...withoutReport(args)], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...BOUNDED,
    ...(cwd === undefined ? {} : { cwd }),
    ...(asNobody ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  if (result.error !== undefined) throw result.error;
  return {
    code: result.status,
    stdout: result.stdout,
    stderr: withoutEvents(result.stderr),
    log: result.stderr,
  };
}

/** Starts the program; `done` is its end. A run makes no report, unless with `--report`. */
export function startCli(args: readonly string[]): { child: ChildProcess; done: Promise<Finished> } {
  const child = spawn(process.execPath, [CLI, ...withoutReport(args)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...BOUNDED,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const done = new Promise<Finished>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stdout, stderr: withoutEvents(stderr), log: stderr });
    });
  });
  return { child, done };
}

/** A folder that is removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'omidb-run-'));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A folder that is removed when the process ends: of helpers, which the files of a process share. */
export function folderOfProcess(): string {
  const folder = mkdtempSync(join(tmpdir(), 'omidb-run-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** True when permissions bind this process; root reads everything. */
export const isRoot = process.getuid?.() === 0;
