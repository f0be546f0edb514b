import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { groupModule, groupsOf } from '../scripts/test-groups.js';
import { temporaryFolder } from './helpers/cli.js';
import { BOUNDED } from './helpers/processes.js';

/** The runner of the tests, on projects whose tests fail in every way that there is. */

const SCRIPTS = fileURLToPath(new URL('../scripts', import.meta.url));
const GOOD = `import { test } from 'node:test'; test('good', () => {}); test('left out', { skip: true }, () => {});`;

function writeIn(project: string, path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}

/** Without what tells a test that it is one of a runner's. */
function plainEnv(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return env;
}

/** Runs tests by their names below test/; null is one that is not built. */
function runTests(tests: Readonly<Record<string, string | null>>, ...args: string[]) {
  const project = temporaryFolder();
  const write = (path: string, text: string) => {
    writeIn(project, path, text);
  };
  write('package.json', '{"type": "module"}');
  for (const [name, code] of Object.entries(tests)) {
    write(`test/${name}.test.ts`, '');
    if (code !== null) write(`dist/test/${name}.test.js`, code);
  }
  mkdirSync(join(project, 'dist/scripts'), { recursive: true });
  for (const name of ['run-tests.js', 'test-groups.js', 'test-sets.js'])
    copyFileSync(join(SCRIPTS, name), join(project, 'dist/scripts', name));
  const env = plainEnv();
  const runner = join(project, 'dist/scripts/run-tests.js');
  const { status, stdout } = spawnSync(process.execPath, [runner, ...args], {
    encoding: 'utf8',
    env,
    ...BOUNDED,
  });
  return { status, last: stdout.trimEnd().split('\n').at(-1) };
}

describe('the runner of the tests', () => {
  test('counts what passed, and ends with 0', () => {
    assert.deepEqual(runTests({ good: GOOD, 'nbss/good': GOOD }), { status: 0, last: '2 passed, 0 failed' });
  });

  const bad: readonly (readonly [string, string | null, string])[] = [
    ['a test throws', `import { test } from 'node:test'; test('bad', () => { throw new Error(); });`, '1 passed, 1 failed'],
    ['a test of a suite throws', `import { describe, test } from 'node:test'; describe('s', () => { test('bad', () => { throw new Error(); }); });`, '1 passed, 1 failed'],
    ['a file cannot be loaded', `import './nowhere.js';`, '1 passed, 1 failed'],
    // The process, and both files: what it did not get to is not forgotten.
    ['the process of a file dies', `process.kill(process.pid, 'SIGKILL'); await new Promise(() => setTimeout(() => {}, 10_000));`, '0 passed, 3 failed'],
    ['a file ends with a code', `process.exitCode = 3;`, '1 passed, 1 failed'],
    ['a file is not built', null, '0 passed, 1 failed'],
  ]; // prettier-ignore
  for (const [what, code, last] of bad) {
    test(`ends with 1 when ${what}`, () => {
      assert.deepEqual(runTests({ good: GOOD, bad: code }), { status: 1, last });
    });
  }

  test('ends with 1 when there is no test', () => {
    assert.equal(runTests({}).status, 1);
    assert.equal(runTests({ 'run/good': GOOD }, 'fast').status, 1);
  });

  test('runs files of one process one after the other, each with its own hooks', () => {
    const hooked = `import assert from 'node:assert'; import { after, before, test } from 'node:test';
      await new Promise((go) => setTimeout(go, 20));
      before(() => { assert.equal(globalThis.own, undefined); globalThis.own = import.meta.url; });
      after(() => { delete globalThis.own; });
      test('own', () => { assert.equal(globalThis.own, import.meta.url); });`;
    const files = { 'run/a': hooked, 'run/b': hooked, 'run/c': hooked };
    assert.deepEqual(runTests(files), { status: 0, last: '3 passed, 0 failed' });
  });

  test('puts each file into one group, and one that measures its process into none with others', () => {
    const names = ['a', 'fuzz/fuzz', 'crash/kill', 'run/cli', 'run/memory', 'nbss/codes'];
    const files = [...names, ...Array.from({ length: 40 }, (_, i) => `run/x${i}`)].map(
      (name) => `${name}.test.ts`,
    );
    const groups = groupsOf(files).map((group) => group.files);
    assert.deepEqual(groups.flat().sort(), files.sort());
    for (const alone of ['fuzz/fuzz', 'crash/kill', 'run/memory'])
      assert.ok(
        groups.some((group) => group.length === 1 && group[0] === `${alone}.test.ts`),
        alone,
      );
    assert.ok(groups.length < files.length / 2);
  });

  test('fails a file that stands still under its name, and runs the one after it', () => {
    const project = temporaryFolder();
    const files = { stuck: `test('waits', () => new Promise((go) => setTimeout(go, 3000)));`, good: `test('good', () => {});` }; // prettier-ignore
    for (const [name, code] of Object.entries(files))
      writeIn(project, `test/${name}.test.js`, `import { test } from 'node:test'; ${code}`);
    const group = { name: 'both', files: ['stuck.test.ts', 'good.test.ts'] };
    writeIn(project, 'groups/both.js', groupModule(group, 300));
    writeIn(project, 'package.json', '{"type": "module"}');
    const args = ['--test', '--test-reporter=tap', 'groups/both.js'];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8', env: plainEnv(), ...BOUNDED }); // prettier-ignore
    assert.equal(status, 1);
    assert.match(stdout, /^ *not ok 1 - stuck\.test\.js$/m);
    assert.match(stdout, /^ *ok 2 - good\.test\.js$/m);
  });

  test('takes fast alone, and leaves out what is not', () => {
    const found = runTests({ 'nbss/good': GOOD, 'run/bad': `throw new Error();` }, 'fast');
    assert.deepEqual(found, { status: 0, last: '1 passed, 0 failed' });
    assert.equal(runTests({ good: GOOD }, 'slow').status, 2);
  });
});
