import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { POOL_THREADS } from '../bundle/pool-threads.js';

/** What one run of a program took. */
export interface Run {
  /** From the start of the process to its end. */
  readonly seconds: number;
  /** User and system time of all its threads. */
  readonly cpuSeconds: number;
  /** Greatest resident set of the process, as the kernel counts it (ru_maxrss). It has no child processes. */
  readonly peakBytes: number;
}

export interface Finished extends Run {
  readonly stdout: string;
}

export interface NodeOptions {
  /** Modules that are loaded before the program, in this process and its threads. */
  readonly imports?: readonly URL[];
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A program that starts node, with its arguments. */
  readonly before?: readonly string[];
}

const USAGE = new URL('./preload/usage.js', import.meta.url);

/**
 * Runs programs of Node, each as a process of its own, one at a time.
 * @param scratch folder for what the processes tell of themselves
 */
export class Runner {
  constructor(private readonly scratch: string) {
    mkdirSync(scratch, { recursive: true });
  }

  /** @throws Error when the program does not end with exit code 0 */
  async run(program: URL, args: readonly string[], options: NodeOptions = {}): Promise<Finished> {
    const file = join(this.scratch, 'usage.json');
    rmSync(file, { force: true });
    const imports = [USAGE, ...(options.imports ?? [])].flatMap(({ href }) => ['--import', href]);
    const { seconds, stdout } = await runNode(
      [...imports, ...(options.flags ?? []), fileURLToPath(program), ...args],
      {
        ...options.env,
        OMIDB_BENCH_USAGE: file,
        // What is imported first starts Node's pool before the program can say how large it is.
        UV_THREADPOOL_SIZE: String(POOL_THREADS),
      },
      options.before,
    );
    const usage = JSON.parse(readFileSync(file, 'utf8')) as NodeJS.ResourceUsage;
    return {
      seconds,
      stdout,
      cpuSeconds: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
      peakBytes: usage.maxRSS * 1024,
    };
  }
}

/**
 * Runs node with nothing loaded beside the program.
 * @param before a program that starts node, with its arguments
 * @throws Error when it does not end with exit code 0
 */
export function runNode(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  before: readonly string[] = [],
): Promise<Ended> {
  const [program, ...rest] = [...before, process.execPath, ...args];
  return runProgram(program!, rest, env);
}

/**
 * Runs a Python program that tells, as a line of JSON, its own CPU seconds and greatest resident set.
 * @returns null where there is no python3
 * @throws Error when it does not end with exit code 0
 */
export async function runPython(args: readonly string[]): Promise<Run | null> {
  const ended = await runProgram('python3', args, {}).catch((error: unknown) => {
    if (String(error).includes('ENOENT')) return null;
    throw error;
  });
  if (ended === null) return null;
  const { cpuSeconds, peakBytes } = JSON.parse(ended.stdout) as Omit<Run, 'seconds'>;
  return { seconds: ended.seconds, cpuSeconds, peakBytes };
}

interface Ended {
  readonly seconds: number;
  readonly stdout: string;
}

async function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const start = performance.now();
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0) resolve((performance.now() - start) / 1000);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code ?? signal ?? 'nothing'}`));
    });
  });
  const [seconds, stdout, stderr] = await Promise.allSettled([ended, text(child.stdout), text(child.stderr)]);
  if (seconds.status === 'rejected')
    throw new Error(`${String(seconds.reason)}\n${stderr.status === 'fulfilled' ? stderr.value : ''}`);
  return { seconds: seconds.value, stdout: stdout.status === 'fulfilled' ? stdout.value : '' };
}
