import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { UsageFault } from '../../pipeline/base/fault.js';
import { checkBudgets, parseBudget } from '../../pipeline/run/budgets.js';
import { MISMATCH_KINDS } from '../../schemas/mismatch-kinds.js';
import { runCli } from '../helpers/cli.js';
import { readJson, readJsonLines } from '../helpers/output.js';
import { sharedRun } from '../helpers/shared-run.js';
import { fresh, writeClient } from './helpers.js';

/** --max-mismatches KIND=N and KIND=P%. */

const ROWS = { clients: 200, studies: 450, images: 2000 };

function over(text: string, found: number): number {
  const budget = parseBudget(text);
  return checkBudgets([budget], { [budget.kind]: found }, ROWS)[0]!.over;
}

describe('a budget', () => {
  for (const text of [
    '',
    'dicom_missing',
    'dicom_missing=',
    'dicom_missing=-1',
    'dicom_missing=1.5',
    'dicom_missing=%',
    'dicom_missing=5%%',
    'dicom_missing=1e3',
    'dicom_missing= 3',
    'dicom_missing=5,5%',
    'dicom_missing==3',
    '=3',
    'dicom_lost=3',
    'toString=3',
    '__proto__=3',
    'DICOM_MISSING=3',
  ]) {
    test(`${JSON.stringify(text)} is none`, () => {
      assert.throws(() => parseBudget(text), UsageFault);
    });
  }

  test('of a number is over by what is more', () => {
    assert.deepEqual([0, 3, 4, 9].map((found) => over('dicom_missing=3', found)), [0, 0, 1, 6]); // prettier-ignore
    assert.equal(over('dicom_missing=0', 1), 1);
  });

  test('of a percentage is of the images, studies or clients that the kind is about, rounded down', () => {
    // 0.25 % of 2000 images are 5, 0.5 % of 450 studies are 2.25, 1 % of 200 clients are 2.
    assert.deepEqual([5, 6].map((found) => over('dicom_missing=0.25%', found)), [0, 1]); // prettier-ignore
    assert.deepEqual([2, 3].map((found) => over('study_not_on_disk=0.5%', found)), [0, 1]); // prettier-ignore
    assert.deepEqual([2, 5].map((found) => over('nbss_missing=1%', found)), [0, 3]); // prettier-ignore
    assert.equal(over('nbss_missing=0%', 1), 1);
    assert.equal(over('nbss_missing=150%', 300), 0);
  });

  test('of a percentage is exact: 0.57 % of 10,000 images are 57, which floating point puts below', () => {
    const rows = { ...ROWS, images: 10_000 };
    assert.ok((0.57 * 10_000) / 100 < 57);
    assert.equal(checkBudgets([parseBudget('tag_conflict=0.57%')], {}, rows)[0]!.allowed, 57);
  });

  test('of nothing at all allows nothing', () => {
    const rows = { clients: 0, studies: 0, images: 0 };
    assert.equal(checkBudgets([parseBudget('dicom_missing=50%')], { dicom_missing: 1 }, rows)[0]!.over, 1);
  });

  test('what a percentage is of: every mismatch of a kind of images names one, of studies one', () => {
    const { current } = sharedRun('faulty');
    const rows = readJsonLines<Record<string, string | null>>(current, 'mismatches.jsonl');
    const kinds = new Set<string>();
    for (const row of rows) {
      const { per } = MISMATCH_KINDS[row['kind'] as keyof typeof MISMATCH_KINDS];
      kinds.add(per);
      if (per === 'images') assert.notEqual(row['sop_instance_uid'] ?? row['path'], null, row['kind']!);
      if (per === 'studies') assert.notEqual(row['study_instance_uid'], null, row['kind']!);
    }
    assert.deepEqual([...kinds].sort(), ['clients', 'images', 'studies']);
  });
});

describe('run --max-mismatches', () => {
  const database = fresh();
  for (const id of ['optm1', 'optm2', 'optm3', 'optm4']) writeClient(database, id, {});
  for (const id of ['optm1', 'optm2', 'optm3']) rmSync(join(database, 'data', id, `nbss_${id}.json`));

  interface Manifest {
    readonly options: { readonly max_mismatches: readonly string[] };
    readonly budgets: readonly Record<string, unknown>[];
  }

  test('may stand before the database and be repeated: 3 after publishing, with what is over in words and in the manifest', () => {
    const out = fresh();
    const budgets = ['nbss_missing=2', 'nbss_missing=75%', 'imagedb_missing=0'];
    const args = budgets.flatMap((budget) => ['--max-mismatches', budget]);
    const run = runCli(['run', ...args, database, '--out', out, '--no-progress']);
    assert.equal(run.code, 3, run.stderr);
    assert.deepEqual(run.stdout.match(/^over .*$/gm), [
      'over the budget nbss_missing=2: 3 found, 2 allowed, 1 too many',
    ]);
    const manifest = readJson<Manifest>(out, 'current', 'manifest.json');
    assert.deepEqual(manifest.options.max_mismatches, budgets);
    assert.deepEqual(manifest.budgets, [
      { budget: 'nbss_missing=2', kind: 'nbss_missing', allowed: 2, found: 3, of: null, over: 1 },
      { budget: 'nbss_missing=75%', kind: 'nbss_missing', allowed: 3, found: 3, of: { table: 'clients', rows: 4 }, over: 0 },
      { budget: 'imagedb_missing=0', kind: 'imagedb_missing', allowed: 0, found: 0, of: null, over: 0 },
    ]); // prettier-ignore
    // Where nothing changed, the budgets of this run count, and --fail-on does.
    const again = (...more: string[]) => runCli(['run', database, '--out', out, '--no-progress', ...more]);
    assert.equal(again().code, 0);
    assert.match(again().stdout, /^nothing changed/m);
    assert.equal(again('--max-mismatches=nbss_missing=3').code, 0);
    const half = again('--max-mismatches', 'nbss_missing=50%');
    assert.equal(half.code, 3);
    assert.match(
      half.stdout,
      /^over the budget nbss_missing=50%: 3 found, 2 allowed \(4 clients\), 1 too many$/m,
    );
    assert.equal(again('--fail-on', 'error').code, 3);
    assert.equal(readdirSync(join(out, 'snapshots')).length, 1);
  });

  test('that cannot be understood: one sentence and exit 2, nothing written', () => {
    for (const [args, says] of [
      [
        ['--max-mismatches', 'nbss_lost=2'],
        /there is no mismatch kind nbss_lost: docs\/mismatches\.md lists them/,
      ],
      [['--max-mismatches', 'nbss_missing=x'], /"nbss_missing=x" is no budget: give KIND=N or KIND=P%/],
      [['--max-mismatches'], /max-mismatches/],
      [['--max-mismatches', '--full'], /max-mismatches|is no budget/],
    ] as const) {
      const out = join(fresh(), 'out');
      const run = runCli(['run', database, '--out', out, ...args]);
      assert.equal(run.code, 2, run.stderr);
      assert.match(run.stderr, says);
      assert.match(run.stderr, /^omidb-etl: [^\n]+\n$/);
      assert.equal(existsSync(out), false);
    }
  });

  test('of other options given twice the last counts, as before', () => {
    const [first, last] = [join(fresh(), 'first'), join(fresh(), 'last')];
    const fail = ['--fail-on', 'error', '--fail-on', 'never'];
    const run = runCli(['run', database, '--out', first, '--out', last, ...fail, '--full', '--full']);
    assert.equal(run.code, 0, run.stderr);
    assert.equal(existsSync(first), false);
    assert.ok(existsSync(join(last, 'current')));
  });
});
