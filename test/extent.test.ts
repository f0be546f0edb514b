import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

/** What decides how much of the long loops runs, read anew under other settings. */

type Extent = typeof import('./helpers/extent.js');

const before = { ...process.env };
let readings = 0;

function set(settings: NodeJS.ProcessEnv): void {
  delete process.env['OMIDB_TESTS'];
  delete process.env['OMIDB_TESTS_SEED'];
  Object.assign(process.env, settings);
}

async function extentUnder(settings: { OMIDB_TESTS?: string; OMIDB_TESTS_SEED?: string }): Promise<Extent> {
  set(settings);
  return (await import(`./helpers/extent.js?${++readings}`)) as Extent;
}

afterEach(() => {
  set(before);
});

const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz');

describe('the extent of long loops', () => {
  test('that is misspelled, or a seed that is no number, is an error and no small set', async () => {
    await assert.rejects(extentUnder({ OMIDB_TESTS: 'ALL' }), /OMIDB_TESTS is "ALL": give all or some/);
    await assert.rejects(extentUnder({ OMIDB_TESTS_SEED: '1e3' }), /OMIDB_TESTS_SEED is "1e3"/);
  });

  test('is a small set when nothing is said: items each once, in their order, the same for the same seed', async () => {
    const sets = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      const { itemsOf, RUNS_ALL, turnsOf } = await extentUnder({ OMIDB_TESTS_SEED: String(seed) });
      assert.deepEqual([RUNS_ALL, turnsOf(50, 6), turnsOf(5, 6)], [false, 6, 5]);
      const chosen = itemsOf(LETTERS, 4);
      assert.deepEqual(
        chosen,
        LETTERS.filter((letter) => chosen.includes(letter)),
      );
      assert.equal(chosen.length, 4);
      assert.deepEqual(itemsOf(LETTERS, 4), chosen);
      sets.add(chosen.join(''));
    }
    assert.ok(sets.size > 10, 'another seed chooses others');
  });

  test('is the whole when all is said', async () => {
    const { itemsOf, RUNS_ALL, turnsOf } = await extentUnder({ OMIDB_TESTS: 'all' });
    assert.deepEqual([RUNS_ALL, turnsOf(50, 6)], [true, 50]);
    assert.deepEqual(itemsOf(LETTERS, 4), LETTERS);
  });

  test('is said in the names of tests', async () => {
    const { howMany } = await extentUnder({});
    assert.deepEqual([howMany(6, 50, 'kills'), howMany(50, 50, 'kills')], ['6 of 50 kills', '50 kills']);
  });
});
