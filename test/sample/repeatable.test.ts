import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makeSample, NotASampleError, type SampleOptions } from '../../scripts/sample/database.js';
import { FAULT_KINDS } from '../../scripts/sample/faults.js';
import { clientId } from '../../scripts/sample/names.js';
import { digests, filesBelow, scratchFolder } from './tree.js';

const folder = scratchFolder();

function sample(name: string, options: Partial<SampleOptions> = {}): string {
  const out = join(folder, name);
  makeSample({ out, clients: 12, seed: 3, faults: [], pixels: 'sparse', ...options });
  return out;
}

describe('a sample database', () => {
  test('has the same bytes for the same seed, and others for another', () => {
    const first = digests(join(sample('a'), 'data'));
    assert.deepEqual(first, digests(join(sample('b'), 'data')));
    assert.deepEqual(digests(join(folder, 'a', 'images')), digests(join(folder, 'b', 'images')));
    const other = digests(join(sample('c', { seed: 4 }), 'data'));
    const shared = [...first.values()].filter((digest) => new Set(other.values()).has(digest));
    assert.deepEqual(shared, []);
  });

  test('has the same faults and truth for the same seed', () => {
    const faults = FAULT_KINDS;
    const first = digests(sample('d', { faults }));
    const second = digests(sample('e', { faults }));
    assert.deepEqual(first, second);
  });

  test('is the beginning of a larger one of the same seed', () => {
    const small = sample('small', { clients: 8 });
    const large = sample('large', { clients: 14 });
    for (const root of ['data', 'images']) {
      const more = digests(join(large, root));
      for (const [path, digest] of digests(join(small, root))) assert.equal(more.get(path), digest, path);
    }
    assert.equal(readdirSync(join(large, 'data')).length, 14);
  });

  test('replaces an earlier sample whole', () => {
    const out = sample('again', { clients: 14 });
    sample('again', { clients: 5 });
    assert.deepEqual(digests(join(out, 'data')), digests(join(sample('fresh', { clients: 5 }), 'data')));
  });

  test('is not written into a folder that holds anything else', () => {
    const out = join(folder, 'precious');
    mkdirSync(out);
    writeFileSync(join(out, 'sample.json'), '{"tool": "something else"}');
    assert.throws(() => sample('precious'), NotASampleError);
    assert.deepEqual(filesBelow(out), ['sample.json']);
  });

  test('without DICOM files is the data tree of one that has them', () => {
    const none = sample('none', { pixels: 'none' });
    assert.deepEqual(digests(join(none, 'data')), digests(join(sample('some'), 'data')));
    assert.deepEqual(readdirSync(none).sort(), ['data', 'sample.json', 'truth.jsonl']);
    assert.throws(() => sample('none', { pixels: 'none', faults: FAULT_KINDS }), /without faults/);
  });

  test('leaves pixel data as holes, unless asked not to', () => {
    const sparse = sample('sparse', { clients: 1 });
    const full = sample('full', { clients: 1, pixels: 'full' });
    for (const path of filesBelow(join(sparse, 'images'))) {
      const [hole, zeros] = [sparse, full].map((out) => statSync(join(out, 'images', path)));
      assert.equal(hole!.size, zeros!.size);
      assert.ok(hole!.size > 1e6 && hole!.blocks * 512 < 1e5, `${path} takes up ${hole!.blocks} blocks`);
      assert.ok(zeros!.blocks * 512 > 1e6);
    }
  });
});

describe('client names', () => {
  test('are unique, mostly optm1, optm2, …, with two prefixes and several ranges of a thousand', () => {
    const names = Array.from({ length: 3000 }, (_, index) => clientId(index));
    assert.equal(new Set(names).size, 3000);
    assert.deepEqual(names.slice(0, 14), [
      'optm1', 'optm2', 'optm3', 'optm4', 'optm5', 'optm6', 'optm7', 'optm8', 'optm9', 'demd128247',
      'optm10', 'optm11', 'optm200045', 'optm12',
    ]); // prettier-ignore
    const ranges = new Set(names.slice(0, 200).map((name) => name.slice(0, -3)));
    assert.ok(ranges.size >= 5, [...ranges].join(' '));
  });

  test('lie close together, as in a real copy: 8,000 in a dozen ranges, yet with gaps', () => {
    const names = new Set(Array.from({ length: 8000 }, (_, index) => clientId(index)));
    assert.equal(names.size, 8000);
    const ranges = new Set([...names].map((name) => name.replace(/\d{1,3}$/, '')));
    // optm0 to optm6880; 800 of demd and 320 of the large optm, every third number of two stretches that overlap.
    assert.deepEqual([...ranges].sort(), [
      'demd128', 'demd129', 'demd130', 'optm', 'optm1', 'optm2', 'optm200', 'optm201', 'optm3', 'optm4', 'optm5', 'optm6',
    ]); // prettier-ignore
    assert.ok(!names.has('demd128248') && names.has('demd128250') && names.has('demd129247'));
  });
});
