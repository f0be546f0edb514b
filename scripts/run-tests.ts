import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { groupModule, groupsOf } from './test-groups.js';
import { isFast } from './test-sets.js';

/**
 * Runs the tests that are built: all of them, or with `fast` those that start no process and no whole run. Every test
 * file of test/ has to be there. The last line is `N passed, N failed`; with one failed, the exit code is 1.
 */

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** Groups that run side by side: one more than there are cores, for a test waits now and then. */
const SIDE_BY_SIDE = availableParallelism() + 1;

/** Test files by their sources: what a moved or removed one left in dist/ is not run. */
function testFiles(): string[] {
  return (readdirSync(join(PROJECT, 'test'), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => name.replaceAll('\\', '/'));
}

const builtFile = (name: string): string => join(PROJECT, 'dist', 'test', name.replace(/\.ts$/, '.js'));

/** Where Linux has a file system in memory: of what is written there, nothing waits for the disk. */
const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 6e9;

/** Calls `run` with a folder in memory as the one for temporary files, where there is room and the user named none. */
async function inMemory<T>(run: () => Promise<T>): Promise<T> {
  if (process.env['TMPDIR'] !== undefined || !existsSync(MEMORY)) return run();
  const { bavail, bsize } = statfsSync(MEMORY);
  if (bavail * bsize < ENOUGH_BYTES) return run();
  const folder = mkdtempSync(join(MEMORY, 'omidb-tests-'));
  // As /tmp is: some tests start the program as another user.
  chmodSync(folder, 0o1777);
  process.env['TMPDIR'] = folder;
  try {
    return await run();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of a group: longer than any takes, and than a file of it may take (test-groups.ts), which fails under its own name. */
const MOST_MS = 40 * 60_000;

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Writes a module for each group of files. @returns their paths */
function groupFiles(names: readonly string[]): string[] {
  const folder = join(PROJECT, 'dist', 'test-groups');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  return groupsOf(names).map((group) => {
    const path = join(folder, `${group.name}.js`);
    writeFileSync(path, groupModule(group));
    return path;
  });
}

/** Runs files to their end and prints what becomes of each test. */
async function runFiles(names: readonly string[]): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const ended = new Set<string>();
  const events = run({ files: groupFiles(names), concurrency: SIDE_BY_SIDE, timeout: MOST_MS });
  events.on('test:pass', ({ name, nesting, skip, details }) => {
    if (details.type === 'suite') {
      if (nesting === 0) ended.add(name);
      if (skip !== undefined) counts.skipped++;
      return;
    }
    // What is in no suite of a file would run beside other files.
    if (nesting === 0) counts.failed++;
    else if (skip === undefined) counts.passed++;
    else counts.skipped++;
  });
  events.on('test:fail', ({ name, nesting, details }) => {
    if (details.type === 'suite' && nesting === 0) ended.add(name);
    // A suite or a file fails with each test in it: only what fails by itself counts.
    const { failureType } = details.error as Error & { failureType?: string };
    if (failureType !== 'subtestsFailed') counts.failed++;
  });
  for await (const text of events.compose(new spec())) process.stdout.write(String(text));
  for (const name of names.filter((name) => !ended.has(name.replace(/\.ts$/, '.js')))) {
    process.stdout.write(`${name} did not come to its end\n`);
    counts.failed++;
  }
  return counts;
}

async function main(set: string | undefined): Promise<number> {
  if (set !== undefined && set !== 'fast') {
    process.stderr.write('usage: run-tests.js [fast]\n');
    return 2;
  }
  const names = testFiles().filter((name) => set === undefined || isFast(name));
  const missing = names.filter((name) => !existsSync(builtFile(name)));
  if (names.length === 0 || missing.length > 0) {
    process.stderr.write(`not built: ${missing.join(', ') || 'any test'}; run npm run build\n`);
    process.stdout.write(`0 passed, ${Math.max(1, missing.length)} failed\n`);
    return 1;
  }
  // One seed for the small sets of all files, so that a run can be had again.
  process.env['OMIDB_TESTS_SEED'] ??= String(Date.now() % 2 ** 32);
  process.stdout.write(`OMIDB_TESTS_SEED=${process.env['OMIDB_TESTS_SEED']}\n`);
  const { passed, failed, skipped } = await inMemory(() => runFiles(names));
  if (skipped > 0) process.stdout.write(`${skipped} skipped\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

process.exitCode = await main(process.argv[2]);
