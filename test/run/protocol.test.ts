import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { EnvironmentFault, VerificationError } from '../../pipeline/base/fault.js';
import { WorkerPool } from '../../pipeline/run/pool.js';
import { temporaryFolder } from '../helpers/cli.js';

/** What tasks answer and throw, over the border between threads. */

interface Tasks {
  double: { task: number; result: number };
  fail: { task: 'environment' | 'verification' | 'system' | 'program' | 'text'; result: never };
}

const folder = temporaryFolder();
const file = join(folder, 'worker.mjs');
const module = (path: string) => JSON.stringify(new URL(`../../pipeline/${path}`, import.meta.url).href);
writeFileSync(
  file,
  `import { readFileSync } from 'node:fs';
import { EnvironmentFault, VerificationError } from ${module('base/fault.js')};
import { serveTasks } from ${module('run/protocol.js')};
serveTasks(() => ({ onComing: () => undefined, handlers: {
  double: (number) => number * 2,
  fail: async (how) => {
    if (how === 'environment') throw new EnvironmentFault('the disk is full');
    if (how === 'verification') throw new VerificationError('a key stands twice');
    if (how === 'system') readFileSync('/nowhere/at/all');
    if (how === 'text') throw 'only a text';
    null.length;
  },
} }));`,
);

describe('a task in a worker thread', () => {
  const pool = new WorkerPool<Tasks>(pathToFileURL(file), 1, null, () => undefined);
  const failure = (how: Tasks['fail']['task']) =>
    pool.run('fail', how).then(
      () => assert.fail('it did not throw'),
      (error: unknown) => error as NodeJS.ErrnoException,
    );

  test('answers under its name', async () => {
    assert.equal(await pool.run('double', 21), 42);
  });

  test('throws faults as faults, errors of the system with their code, others with message and stack', async () => {
    const environment = await failure('environment');
    assert.ok(environment instanceof EnvironmentFault);
    assert.equal(environment.message, 'the disk is full');
    assert.ok((await failure('verification')) instanceof VerificationError);
    const system = await failure('system');
    assert.equal(system.code, 'ENOENT');
    assert.match(system.message, /\/nowhere\/at\/all/);
    const program = await failure('program');
    assert.deepEqual([program.code, program.constructor], [undefined, Error]);
    assert.match(program.stack!, /worker\.mjs/);
    assert.equal((await failure('text')).message, 'only a text');
    await pool.close();
  });
});
