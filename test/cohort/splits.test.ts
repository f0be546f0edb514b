import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { assignmentsOf } from '../../pipeline/cohort/balance-splits.js';
import { readEarlierSplits } from '../../pipeline/cohort/earlier-splits.js';
import { shares, type CohortSpec } from '../../pipeline/cohort/spec.js';
import { splitPoint } from '../../pipeline/semantics/splits.js';
import { readJson } from '../helpers/output.js';
import { temporaryFolder } from '../helpers/cli.js';
import { make, readRows, specOf } from './helpers.js';
import {
  exam,
  imagesOf,
  splitRow,
  tablesOfExams,
  writeSnapshot,
  type TestRow,
  type TestTables,
} from './snapshot.js';

const folder = temporaryFolder();
let made = 0;
const place = () => join(folder, String(made++));

/** The split of each woman of a cohort. */
async function splitsOf(cohort: string): Promise<Map<string, string>> {
  const rows = await readRows(cohort, 'cohort', 'SELECT DISTINCT client_id, split FROM rows');
  const splits = new Map(rows.map((row) => [String(row['client_id']), String(row['split'])]));
  assert.equal(splits.size, rows.length, 'no woman is in two splits');
  return splits;
}

const clients = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `optm${from + i}`);
const examsOf = (ids: readonly string[], more: TestRow = {}) =>
  ids.map((id) => exam(id, `1.${id.slice(4)}`, more));

describe('splits', () => {
  test('are by the number of the group, of SHA-256 as the page of tables says', async () => {
    const at = place();
    const snapshot = await writeSnapshot(at, tablesOfExams(examsOf(clients(1, 60))));
    await make(snapshot, specOf({ split: { train: 0.7, validation: 0.15, test: 0.15 } }), join(at, 'c'));
    const splits = await splitsOf(join(at, 'c'));
    for (const [client, split] of splits) {
      const point = splitPoint(client);
      assert.equal(split, point < 0.7 ? 'train' : point < 0.85 ? 'validation' : 'test', client);
    }
    assert.equal(new Set(splits.values()).size, 3);
  });

  test('of a seed are others, and the same each time', async () => {
    const at = place();
    const snapshot = await writeSnapshot(at, tablesOfExams(examsOf(clients(1, 60))));
    const of = async (seed: number | null) => {
      await make(snapshot, specOf(), join(at, `c${String(seed)}`), { seed });
      return splitsOf(join(at, `c${String(seed)}`));
    };
    const [none, one, again, two] = [await of(null), await of(1), await of(1), await of(2)];
    assert.deepEqual(one, again);
    assert.notDeepEqual(one, none);
    assert.notDeepEqual(one, two);
    // The seed, a space and the group, as `splitPoint` takes the group alone.
    for (const [client, split] of one)
      assert.equal(split, splitPoint(`1 ${client}`) < 0.7 ? 'train' : 'test', client);
  });

  test('keep women together who share an image, and whom a condition holds out, with their group', async () => {
    const at = place();
    const ids = clients(1, 30);
    const exams = ids.map((id, i) => exam(id, `1.${id.slice(4)}`, { site: i < 20 ? 'ADDE' : i < 25 ? 'STGE' : null })); // prettier-ignore
    const rows = tablesOfExams(exams);
    // optm1 (ADDE) and optm21 (STGE) share an image.
    const snapshot = await writeSnapshot(at, {
      ...rows,
      splits: ids.map((id) => splitRow(id, id === 'optm21' ? 'optm1' : id)),
    });
    const spec = specOf({ split: { train: 1, test: 1e-12, hold_out: { test: "site = 'STGE'" } } });
    const { flow } = await make(snapshot, spec, join(at, 'c'));
    const splits = await splitsOf(join(at, 'c'));
    const held = [...splits].filter(([, split]) => split === 'test').map(([client]) => client).sort(); // prettier-ignore
    assert.deepEqual(held, ['optm1', 'optm21', 'optm22', 'optm23', 'optm24', 'optm25']);
    // Of five no site is known: whether they are held out cannot be told.
    assert.equal(flow.steps.at(-1)!.unknown.exams, 5);
    assert.equal(splits.size, 25);
  });
});

describe('--keep-splits', () => {
  test('nobody moves over three snapshots that grow, also who was away for one', async () => {
    const spec = specOf({ label: { name: 'cancer', sql: 'coalesce(days_to_cancer > 0, false)' } });
    const earlier: string[] = [];
    const all = new Map<string, string>();
    for (const [from, to, without] of [[20, 60, ''], [10, 90, 'optm30'], [1, 140, '']] as const) {
      const at = place();
      const exams = clients(from, to)
        .filter((id) => id !== without)
        .map((id) => exam(id, `1.${id.slice(4)}`, { l_days_to_cancer: Number(id.slice(4)) % 3 === 0 ? 5 : null, manufacturer_name: Number(id.slice(4)) % 2 === 0 ? 'ge' : 'hologic' })); // prettier-ignore
      const snapshot = await writeSnapshot(at, tablesOfExams(exams));
      const kept = earlier.length === 0 ? null : await readEarlierSplits(earlier.at(-1)!, spec);
      await make(snapshot, spec, join(at, 'c'), { earlier: kept });
      const splits = await splitsOf(join(at, 'c'));
      for (const [client, split] of splits) assert.equal(all.get(client) ?? split, split, client);
      for (const [client, split] of splits) all.set(client, split);
      earlier.push(join(at, 'c'));
    } // prettier-ignore
    assert.equal(all.size, 140);
  });

  test('new women are shared out by label and maker; hand-worked', () => {
    const given = shares(specOf({ split: { train: 0.5, test: 0.5 } }));
    const member = (group: string, fixed: string | null = null) => ({ group, fixed });
    // Three in train already: the next three go to test, then turns, train first as the spec has it.
    const members = [member('a', 'train'), member('d'), member('b', 'train'), member('e'), member('c', 'train'), member('f'), member('g'), member('h')]; // prettier-ignore
    assert.deepEqual(Object.fromEntries(assignmentsOf(members, given)), {
      a: 'train',
      b: 'train',
      c: 'train',
      d: 'test',
      e: 'test',
      f: 'test',
      g: 'train',
      h: 'test',
    });
    const thirds = shares(specOf({ split: { train: 0.7, validation: 0.15, test: 0.15 } }));
    const many = assignmentsOf(Array.from({ length: 100 }, (_, i) => member(String(i))), thirds); // prettier-ignore
    const count = (split: string) => many.filter(([, one]) => one === split).length;
    assert.deepEqual([count('train'), count('validation'), count('test')], [70, 15, 15]);
  });

  test('a group that grew together from two splits, or is held out for another, is left out and counted', async () => {
    const at = place();
    const snapshot = await writeSnapshot(at, {
      ...tablesOfExams(examsOf(clients(1, 5))),
      splits: clients(1, 5).map((id) => splitRow(id, id === 'optm2' ? 'optm1' : id)),
    });
    const spec = specOf({ split: { train: 0.5, test: 0.5, hold_out: { test: "client_id = 'optm3'" } } });
    const earlier = { train: ['optm1', 'optm3', 'optm4'], test: ['optm2'] };
    const { flow, file } = await make(snapshot, spec, join(at, 'c'), { earlier });
    const line = flow.steps.find(({ kind }) => kind === 'earlier_split')!;
    assert.deepEqual([line.dropped.women, line.unknown.women, line.left.women], [3, 0, 2]);
    assert.deepEqual([...(await splitsOf(join(at, 'c'))).keys()].sort(), ['optm4', 'optm5']);
    assert.deepEqual(file.earlier_splits, earlier);
  });

  test('is refused where the splits are others, or nothing is there', async () => {
    const at = place();
    const snapshot = await writeSnapshot(at, tablesOfExams(examsOf(clients(1, 9))));
    await make(snapshot, specOf(), join(at, 'c'));
    const other = specOf({ split: { development: 1 } });
    await assert.rejects(readEarlierSplits(join(at, 'c'), other), /has a split (train|test), which cohort test has not/); // prettier-ignore
    await assert.rejects(readEarlierSplits(at, specOf()), { code: 'usage' });
  });
});

describe('the certificate', () => {
  const two: CohortSpec = specOf({ split: { train: 0.5, test: 0.5 } });
  /** The first two women whose numbers lie in different halves. */
  const [train, test1] = [clients(1, 99).find((id) => splitPoint(id) < 0.5)!, clients(1, 99).find((id) => splitPoint(id) >= 0.5)!]; // prettier-ignore
  const good = tablesOfExams([exam(train, '1.1'), exam(test1, '1.2')]);

  const leaks: readonly (readonly [string, TestTables, RegExp])[] = [
    ['an image under two women', {
      ...good,
      image_summary: [...imagesOf(train, '1.1'), ...imagesOf(test1, '1.2').map((row, i) => (i === 0 ? { ...row, sop_instance_uid: '1.1.1' } : row))],
    }, /in more than one split: 1 image;/],
    ['a study under two women', tablesOfExams([exam(train, '1.1'), exam(test1, '1.1')]), /in more than one split: 1 study, 4 images/],
    ['a woman in two groups', { ...good, splits: [splitRow(train), splitRow(test1), splitRow(train, test1)] }, /1 rows of unit exam come more than once/],
    ['a woman without a group', { ...good, splits: [splitRow(train)] }, /1 rows have no split/],
    ['a group with two numbers', {
      ...good,
      splits: [splitRow(train), { ...splitRow(test1), split_group: train }],
    }, /in more than one split: 2 women, 1 split group,/],
  ]; // prettier-ignore
  for (const [name, rows, says] of leaks)
    test(`refuses ${name}, and nothing is written`, async () => {
      const at = place();
      const snapshot = await writeSnapshot(at, rows);
      await assert.rejects(
        make(snapshot, two, join(at, 'c')),
        (error: { code?: string; message: string }) => {
          assert.equal(error.code, 'verification', error.message);
          assert.match(error.message, says);
          return true;
        },
      );
      assert.ok(!existsSync(join(at, 'c')));
      assert.deepEqual(readdirSync(at), ['snapshots']);
    });

  test('says that nothing is in two splits, and how labels came out', async () => {
    const at = place();
    const snapshot = await writeSnapshot(at, good);
    await make(snapshot, two, join(at, 'c'));
    const certificate = readJson<Record<string, unknown>>(at, 'c', 'certificate.json');
    assert.deepEqual(certificate['in_more_than_one_split'], { women: 0, split_groups: 0, studies: 0, images: 0 });
    const { duckdb } = certificate['software'] as { duckdb: string };
    assert.match(duckdb, /^v\d+\.\d+\.\d+/);
    assert.deepEqual(certificate['balance'], [
      { split: 'train', label: 'false', rows: 1, women: 1, share: 1 },
      { split: 'test', label: 'false', rows: 1, women: 1, share: 1 },
    ]);
  }); // prettier-ignore
});
