import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { shareDifference } from '../../pipeline/cohort/balance.js';
import { maskCounts } from '../../pipeline/cohort/mask.js';
import { pairUp, type MatchResult } from '../../pipeline/cohort/match.js';
import { temporaryFolder } from '../helpers/cli.js';
import { readJson } from '../helpers/output.js';
import { make, readRows, specOf } from './helpers.js';
import { exam, tablesOfExams, writeSnapshot } from './snapshot.js';

const folder = temporaryFolder();

describe('matching', () => {
  const one = (id: number, client = `optm${id}`) => ({ id, client });

  test('gives each case one control before any gets a second, and no woman twice', () => {
    const used = new Set(['optm9']);
    const pool = {
      cases: [one(1), one(2)],
      controls: [one(10), one(11, 'optm9'), one(12), one(13, 'optm10'), one(14)],
    };
    assert.deepEqual([...pairUp(pool, 2, used)], [[1, [10, 14]], [2, [12]]]);
    assert.deepEqual([...used].sort(), ['optm10', 'optm12', 'optm14', 'optm9']);
    assert.deepEqual([...pairUp({ cases: [one(1)], controls: [] }, 3, new Set())], [[1, []]]);
  }); // prettier-ignore

  const spec = specOf({
    columns: ['manufacturer_name'],
    match: { cases: 'cancer', on: ['manufacturer_name'], ratio: 2 },
  });

  test('of a snapshot: by hand', async () => {
    const cancer = { l_days_to_cancer: 1 };
    const snapshot = await writeSnapshot(folder, tablesOfExams([
      exam('optm1', '1.1', cancer),
      exam('optm1', '1.2'), // A woman with a case is no control.
      exam('optm2', '1.3', cancer),
      exam('optm3', '1.4'),
      exam('optm3', '1.5'), // She is a control once.
      exam('optm4', '1.6', { manufacturer_name: 'ge' }), // There is no case of this maker.
      exam('optm5', '1.7', { manufacturer_name: null }), // Of her it cannot be told.
      exam('optm6', '1.8', { ...cancer, manufacturer_name: 'siemens' }),
      exam('optm7', '1.9'),
      exam('optm8', '1.10'),
    ])); // prettier-ignore
    const { flow } = await make(snapshot, spec, join(folder, 'c'));
    const rows = await readRows(folder, 'c/cohort');
    const sets = new Map<unknown, { cases: number; controls: string[] }>();
    for (const row of rows) {
      const set = sets.get(row['match_set']) ?? { cases: 0, controls: [] };
      sets.set(row['match_set'], set);
      if (row['cancer'] === true) set.cases++;
      else set.controls.push(String(row['client_id']));
    }
    assert.deepEqual([...sets.values()].map(({ cases }) => cases), [1, 1, 1]); // prettier-ignore
    const controls = [...sets.values()].flatMap((set) => set.controls).sort();
    assert.deepEqual(controls, ['optm3', 'optm7', 'optm8']);
    assert.deepEqual([...sets.values()].map((set) => set.controls.length).sort(), [0, 1, 2]); // prettier-ignore
    const line = flow.steps.at(-1)!;
    assert.deepEqual(
      [line.kind, line.dropped.exams, line.unknown.exams, line.left.exams],
      ['match', 3, 1, 6],
    );
    const { match } = readJson<{ match: MatchResult }>(folder, 'c', 'certificate.json');
    assert.deepEqual([match.cases, match.controls, match.cases_by_controls], [3, 3, [1, 1, 1]]);
    // Of 3 cases 2 are hologic, of 6 controls 5 (optm1's own among them) before, of 3 all after:
    // (2/3 - 5/6) / sqrt((2/9 + 5/36) / 2), and (2/3 - 1) / sqrt((2/9 + 0) / 2).
    const hologic = match.balance.find(({ value }) => value === 'hologic')!;
    assert.deepEqual([hologic.before, hologic.after], [-0.392232, -1]);
    const again = await make(snapshot, spec, join(folder, 'd'), { seed: 2 });
    assert.equal(again.flow.cohort.exams, 6);
  });

  test('standardised differences are those of the formula', () => {
    // 0.5 against 0.25: 0.25 / sqrt((0.25 + 0.1875) / 2) = 0.25 / 0.467707.
    assert.equal(shareDifference(0.5, 0.25).toFixed(6), '0.534522');
    assert.equal(shareDifference(0.5, 0.5), 0);
    assert.equal(shareDifference(1, 0), Infinity);
  });
});

describe('masking', () => {
  const cases: readonly (readonly [readonly number[], number, readonly (number | null)[]])[] = [
    [[12, 3, 40], 5, [null, null, 40]],
    [[12, 3, 4], 5, [12, null, null]],
    [[0, 3], 5, [0, null]],
    [[0, 5, 9], 5, [0, 5, 9]],
    [[3, 7, 7], 5, [null, null, 7]],
    [[1, 2, 3], 0, [1, 2, 3]],
    [[], 5, []],
  ];
  for (const [counts, minCount, masked] of cases)
    test(`of ${JSON.stringify(counts)} below ${minCount} leaves ${JSON.stringify(masked)}`, () => {
      assert.deepEqual(maskCounts(counts, minCount), masked);
    });
});
