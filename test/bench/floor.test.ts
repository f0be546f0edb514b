import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FloorReader, type FloorCounts } from '../../scripts/bench/floor-reader.js';
import { makeSample } from '../../scripts/sample/database.js';
import { BOUNDED } from '../helpers/processes.js';
import { scratchFolder } from '../sample/tree.js';

const FLOOR = fileURLToPath(new URL('../../scripts/bench/floor.js', import.meta.url));
const scratch = scratchFolder();
const database = join(scratch, 'database');

before(() => {
  makeSample({ out: database, clients: 40, seed: 2, faults: [], pixels: 'sparse' });
});

function floor(...args: string[]): FloorCounts {
  return JSON.parse(
    execFileSync(process.execPath, [FLOOR, ...args], { encoding: 'utf8', ...BOUNDED }),
  ) as FloorCounts;
}

/** What `find` counts: an independent witness. */
function find(...args: string[]): string[] {
  return execFileSync('find', args, { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');
}

describe('the floor', () => {
  test('refuses a wrong command line', () => {
    for (const args of [
      [],
      [database, 'more'],
      [database, '--workers', '0'],
      [database, '--workers', 'two'],
    ]) {
      const { status, stderr } = spawnSync(process.execPath, [FLOOR, ...args], {
        encoding: 'utf8',
        ...BOUNDED,
      });
      assert.notEqual(status, 0);
      assert.match(stderr, /usage: floor\.js DATABASE/);
    }
  });

  test('lists, reads and parses what there is, whatever the number of workers', () => {
    const [data, images] = [join(database, 'data'), join(database, 'images')];
    const sizes = find(data, '-name', '*.json').map((path) => statSync(path).size);
    const heads = find(images, '-name', '*.dcm').map((path) => Math.min(16384, statSync(path).size));
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    const counts = floor(database, '--workers', '2');
    const { toPixels, ...rest } = counts;
    assert.deepEqual(rest, {
      folders: find(data, images, '-type', 'd').length,
      jsonFiles: sizes.length,
      jsonBytes: sum(sizes),
      jsonRefused: 0,
      dicomFiles: heads.length,
      dicomBytes: sum(heads),
    });
    // Some headers of the sample are longer than 16 KB, and some datasets deflated.
    assert.ok(toPixels > 0.9 * heads.length && toPixels < heads.length, String(toPixels));
    assert.deepEqual(floor(database, '--workers', '5'), counts);
  });

  test('of the data tree alone opens no DICOM file', () => {
    const { folders, jsonFiles, dicomFiles, dicomBytes } = floor(database, '--data-only');
    assert.equal(folders, find(join(database, 'data'), '-type', 'd').length);
    assert.equal(jsonFiles, find(join(database, 'data'), '-name', '*.json').length);
    assert.deepEqual([dicomFiles, dicomBytes], [0, 0]);
  });

  test('counts what it cannot parse, reads a file larger than its buffer whole, and takes a missing tree for empty', () => {
    const folder = join(scratch, 'odd', 'optm1');
    mkdirSync(join(folder, 'study'), { recursive: true });
    const large = JSON.stringify({ text: 'é'.repeat(400_000) });
    writeFileSync(join(folder, 'large.json'), large);
    writeFileSync(join(folder, 'study', 'broken.JSON'), '{"a":');
    writeFileSync(join(folder, 'study', 'empty.dcm'), '');
    writeFileSync(join(folder, 'notes.txt'), 'not read');
    const reader = new FloorReader();
    reader.readTree(folder, '.json');
    reader.readTree(folder, '.dcm');
    reader.readTree(join(scratch, 'nowhere'), '.json');
    assert.deepEqual(reader.counts, {
      folders: 4,
      jsonFiles: 2,
      jsonBytes: Buffer.byteLength(large) + 5,
      jsonRefused: 1,
      dicomFiles: 1,
      dicomBytes: 0,
      toPixels: 0,
    });
  });

  test('takes the clients of both trees, each once', () => {
    const apart = join(scratch, 'apart');
    cpSync(join(database, 'data', 'optm1'), join(apart, 'data', 'optm1'), { recursive: true });
    cpSync(join(database, 'images', 'optm1'), join(apart, 'images', 'optm1'), { recursive: true });
    cpSync(join(database, 'images', 'optm2'), join(apart, 'images', 'optm2'), { recursive: true });
    const { jsonFiles, dicomFiles, folders } = floor(apart);
    assert.equal(folders, find(apart, '-mindepth', '1', '-type', 'd').length);
    assert.equal(jsonFiles, find(apart, '-name', '*.json').length);
    assert.equal(dicomFiles, find(apart, '-name', '*.dcm').length);
  });
});
