import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UsageFault } from '../../pipeline/base/fault.js';
import { megabytes } from '../../pipeline/commands/option-values.js';
import { aheadLimits, assertMemory, defaultMemory, leastMemory } from '../../pipeline/run/memory.js';
import { runCli, temporaryFolder } from '../helpers/cli.js';

describe('--max-memory', () => {
  test('is in MB, or has a unit', () => {
    assert.deepEqual(
      [undefined, '600', '600MB', '2gb'].map((given) => megabytes(given)),
      [null, 600, 600, 2000],
    );
  });

  test('is 600 MB for two workers where nobody says, and more for each further', () => {
    assert.equal(defaultMemory(2), 600);
    for (const workers of [1, 2, 8, 32]) {
      assert.ok(defaultMemory(workers + 1) > defaultMemory(workers));
      assert.ok(leastMemory(workers) < defaultMemory(workers));
      assertMemory(null, workers);
      assertMemory(leastMemory(workers), workers);
    }
  });

  test('too small, it is refused in a sentence that names the least, and how many workers would do', () => {
    const refused = (given: number, workers: number) => {
      try {
        assertMemory(given, workers);
        return null;
      } catch (error) {
        assert.ok(error instanceof UsageFault);
        return error.message;
      }
    };
    assert.equal(refused(leastMemory(8) - 1, 8), `--max-memory is ${leastMemory(8) - 1} MB: 8 workers need ${leastMemory(8)} MB at least: give that, or --workers 7`); // prettier-ignore
    assert.equal(refused(10, 1), `--max-memory is 10 MB: 1 worker needs ${leastMemory(1)} MB at least: give that`); // prettier-ignore
  });
});

describe('what is read ahead', () => {
  const bytesOf = (maxMemory: number | null, workers: number, files: number) =>
    aheadLimits(maxMemory, workers, files).bytes * workers;

  test('stays within what is left of the memory of the run, of all workers together', () => {
    for (const workers of [1, 2, 7, 32]) {
      for (const more of [0, 1, 10, 1000]) {
        const given = leastMemory(workers) + more;
        // What is left, and the 8 MB that the least has for it.
        assert.ok(bytesOf(given, workers, 99_999) <= (more + 8) * 1e6);
        assert.ok(bytesOf(given, workers, 99_999) >= (more + 7) * 1e6);
      }
    }
  });

  test('is no more than the files need that may be read ahead', () => {
    assert.equal(bytesOf(100_000, 2, 512), 512 * 48 * 1024);
    assert.deepEqual(aheadLimits(null, 2, 0), { files: 0, bytes: 0 });
  });
});

test('a run is refused before it begins: nothing is made', () => {
  const folder = temporaryFolder();
  const { code, stderr } = runCli(['run', folder, '--out', `${folder}/out`, '--workers', '2', '--max-memory', '100']); // prettier-ignore
  assert.equal(code, 2);
  assert.match(stderr, /--max-memory is 100 MB: 2 workers need \d+ MB at least: give that/);
});
