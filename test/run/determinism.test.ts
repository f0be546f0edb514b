import assert from 'node:assert/strict';
import { cpSync, mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makeSample } from '../../scripts/sample/database.js';
import { FAULT_KINDS } from '../../scripts/sample/faults.js';
import { runCli, temporaryFolder } from '../helpers/cli.js';
import { itemsOf } from '../helpers/extent.js';
import { publishedHashes, sha256 } from '../helpers/output.js';

describe('the same input gives the same bytes', () => {
  const folder = temporaryFolder();
  const database = join(folder, 'database');
  makeSample({ out: database, clients: 24, seed: 5, faults: FAULT_KINDS, pixels: 'sparse' });

  function publish(from: string, out: string, ...options: string[]): string {
    const run = runCli(['run', from, '--out', out, '--no-progress', ...options]);
    assert.equal(run.code, 0, run.stderr);
    return join(out, 'current');
  }

  const one = publish(database, join(folder, 'one'), '--workers', '1');
  const expected = publishedHashes(one);

  test('there is something to compare', () => {
    assert.ok(Object.keys(expected).length > 20);
  });

  for (const workers of itemsOf(['0', '2', '5'], 1)) {
    test(`with ${workers} workers as with one`, () => {
      const other = publish(database, join(folder, `with ${workers}`), '--workers', workers);
      assert.deepEqual(publishedHashes(other), expected);
      assert.equal(sha256(other, 'schema.json'), sha256(one, 'schema.json'));
    });
  }

  test('run again into the same output, beside the first snapshot', () => {
    const again = publish(database, join(folder, 'one'));
    assert.deepEqual(publishedHashes(again), expected);
  });

  test('with the database in another place, its trees named otherwise and its files of another time', () => {
    const moved = join(folder, 'moved', 'OMI-DB [copy] of ümlaut');
    mkdirSync(moved, { recursive: true });
    cpSync(join(database, 'data'), join(moved, 'DATA'), { recursive: true });
    // Copying would fill the sparse images: the tree is reached by its old path instead.
    utimesSync(join(moved, 'DATA', 'optm1'), new Date(0), new Date(0));
    const images = join(database, 'images');
    const other = publish(moved, join(folder, 'of moved'), '--images-dir', images);
    assert.deepEqual(publishedHashes(other), expected);
  });
});
