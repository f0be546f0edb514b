import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { test } from 'node:test';
import { BOUNDED } from '../helpers/processes.js';

const MODULE = new URL('../../pipeline/run/engine-flags.js', import.meta.url).href;

// V8 writes of a flag that it does not know to stderr of every command, and goes on. The fast tests run on each Node.
test('this version of V8 knows each flag that it is given', () => {
  const script = `import(${JSON.stringify(MODULE)}).then(({ tuneEngine }) => tuneEngine())`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', ...BOUNDED });
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
});
