import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { SlowDisk } from '../../scripts/bench/results.js';
import { BOUNDED } from '../helpers/processes.js';
import { scratchFolder } from '../sample/tree.js';
import { delaying, whyNotDelayed } from '../../scripts/bench/parts/slow.js';

const scratch = scratchFolder();
const FILE = fileURLToPath(import.meta.url);

/** Opens this file and looks at it 200 times each, at once and by the pool of threads. */
const PROGRAM = `
import { closeSync, openSync, statSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
const file = ${JSON.stringify(FILE)};
for (let i = 0; i < 100; i++) {
  closeSync(openSync(file));
  statSync(file);
  await (await open(file)).close();
  await stat(file);
}`;

/** How many of these calls there were, and how many of them were delayed, by strace's own account. */
function callsOf(disk: SlowDisk): { calls: number; delayed: number } {
  const log = join(scratch, disk);
  const [program, ...args] = [...delaying(disk, log), process.execPath, '--input-type=module', '-e', PROGRAM];
  execFileSync(program, args, BOUNDED);
  const lines = readFileSync(log, 'utf8').split('\n');
  // A call that another thread's comes between has two lines.
  const calls = lines.filter((line) => line.includes(`"${FILE}"`));
  return { calls: calls.length, delayed: lines.filter((line) => line.includes('(DELAYED)')).length };
}

describe('the imitation of a slow disk', () => {
  const skip = whyNotDelayed() ?? false;

  test('lets each call wait, whichever way it is made, or some, or none', { skip }, () => {
    assert.deepEqual({ ...callsOf('none'), calls: 0 }, { calls: 0, delayed: 0 });
    const { calls, delayed } = callsOf('2 ms');
    assert.equal(calls, 400);
    assert.ok(delayed >= calls, `${delayed} calls were delayed`);
    const tail = callsOf('tail');
    assert.ok(
      tail.delayed >= 1 && tail.delayed <= calls / 10,
      `${tail.delayed} calls of the tail were delayed`,
    );
  });
});
