import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Script } from 'node:vm';
import { makeSample } from '../../scripts/sample/database.js';
import { cacheFile, load, openCache, sealCache } from '../../pipeline/start/load.js';
import { CLI } from '../helpers/cli.js';
import { scratchFolder } from '../helpers/dcmtk.js';
import { BOUNDED } from '../helpers/processes.js';

const folder = scratchFolder();
const CODE =
  "exports.answer = (() => 'first')(); exports.file = __filename; exports.path = require('node:path');";

/** A file of code with what V8 made of it beside it. */
function written(name: string, code = CODE): string {
  const file = join(folder, name);
  writeFileSync(file, code);
  const text = `(function (exports, require, module, __filename, __dirname) {${code}\n})`;
  const made = new Script(text, { filename: file }).createCachedData();
  writeFileSync(cacheFile(file), sealCache(Buffer.from(code), made));
  return file;
}

describe('code of the bundle', () => {
  test('runs as a CommonJS module, with what V8 made of it and without', () => {
    const file = written('whole.js');
    assert.notEqual(openCache(file, readFileSync(file)), undefined);
    for (const isThere of [true, false]) {
      if (!isThere) rmSync(cacheFile(file));
      const { answer, file: own, path } = load(file) as Record<string, unknown>;
      assert.deepEqual([answer, own], ['first', file]);
      assert.equal((path as { sep: string }).sep, '/');
    }
  });

  test('that was changed and is as long as before is what runs, not what V8 made of the old one', () => {
    const file = written('changed.js');
    writeFileSync(file, CODE.replace('first', 'other'));
    assert.equal((load(file) as { answer: string }).answer, 'other');
    assert.equal(openCache(file, readFileSync(file)), undefined);
  });

  for (const [what, damage] of [
    ['a byte is another', (file: string) => { const bytes = readFileSync(file); bytes[100]! ^= 1; writeFileSync(file, bytes); }],
    ['it is cut off', (file: string) => { truncateSync(file, 50); }],
    ['it is shorter than its hash', (file: string) => { truncateSync(file, 3); }],
    ['it is empty', (file: string) => { truncateSync(file, 0); }],
  ] as const) {
    test(`runs where what V8 made is damaged: ${what}`, () => {
      const file = written(`${what.replaceAll(' ', '-')}.js`);
      damage(cacheFile(file));
      assert.equal(openCache(file, readFileSync(file)), undefined);
      assert.equal((load(file) as { answer: string }).answer, 'first');
    });
  } // prettier-ignore
});

test('the program takes what V8 made of it when it was built, in both of its threads', () => {
  const told = join(folder, 'told.mjs');
  writeFileSync(
    told,
    `import vm from 'node:vm';
    const { Script } = vm;
    vm.Script = class extends Script {
      constructor(code, options) {
        super(code, options);
        console.error(options.filename.split('/').at(-1), this.cachedDataRejected);
      }
    };`,
  );
  const database = join(folder, 'database');
  makeSample({ out: database, clients: 1, seed: 1, faults: [], pixels: 'sparse' });
  const args = ['run', database, '--out', join(folder, 'out'), '--no-report', '--log-level', 'error'];
  const { status, stderr } = spawnSync(process.execPath, ['--import', told, CLI, ...args], {
    encoding: 'utf8',
    ...BOUNDED,
  });
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^main-code\.js false$/m);
  assert.match(stderr, /^worker-code\.js false$/m);
});
