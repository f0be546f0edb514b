import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Flow } from '../../pipeline/cohort/flow.js';
import { runCli, temporaryFolder } from '../helpers/cli.js';
import { openDuckDb } from '../helpers/duckdb.js';
import { croissantFaults } from '../helpers/croissant.js';
import { readJson } from '../helpers/output.js';
import { sharedRun } from '../helpers/shared-run.js';

/** The cohorts that come with the program, on a sample with every fault, against SQL that was written by hand. */

const { out, current } = sharedRun('faulty');
const folder = temporaryFolder();
const ask = await openDuckDb();
for (const name of readdirSync(join(current, 'tables')))
  await ask(`CREATE VIEW ${name} AS SELECT * FROM read_parquet('${current}/tables/${name}/*.parquet')`);

const cohort = (...args: string[]) => runCli(['cohort', ...args, '--out', out], { cwd: folder });

/** The rows of the label groups of a cohort, by hand: label and number. */
const BY_HAND: Readonly<Record<string, { readonly unit: keyof Flow['cohort']; readonly sql: string }>> = {
  'cancer-detection-4view': {
    unit: 'exams',
    sql: `WITH known AS (SELECT *, least(l_days_to_cancer, r_days_to_cancer) AS days FROM exams
        WHERE study_role = 'screening' AND l_cc_presentation IS NOT NULL AND l_mlo_presentation IS NOT NULL
        AND r_cc_presentation IS NOT NULL AND r_mlo_presentation IS NOT NULL AND has_implant = false
        AND l_label_strict <> 'U' AND r_label_strict <> 'U'
        AND (l_cancer_mode IS NULL OR l_days_to_cancer IS NOT NULL) AND (r_cancer_mode IS NULL OR r_days_to_cancer IS NOT NULL))
      SELECT days IS NOT NULL AND days <= 1095 AS label, count(*) AS n FROM known
      WHERE days >= 0 OR (days IS NULL AND days_to_last_follow_up >= 1095) GROUP BY label ORDER BY label`,
  },
  'mirai-risk': {
    unit: 'exams',
    sql: `WITH known AS (SELECT *, least(l_days_to_cancer, r_days_to_cancer) AS days FROM exams
        WHERE study_role = 'screening' AND is_complete AND NOT has_implant AND l_label_strict IN ('M', 'B', 'N')
        AND r_label_strict IN ('M', 'B', 'N')
        AND (l_cancer_mode IS NULL OR l_days_to_cancer IS NOT NULL) AND (r_cancer_mode IS NULL OR r_days_to_cancer IS NOT NULL))
      SELECT days IS NOT NULL AND days <= 1826 AS label, count(*) AS n FROM known
      WHERE days >= 365 OR (days IS NULL AND days_to_last_follow_up >= 1826) GROUP BY label ORDER BY label`,
  },
  'lesion-detection': {
    unit: 'boxes',
    sql: `SELECT is_malignant AS label, count(*) AS n FROM boxes
      WHERE presentation_intent_type = 'FOR PRESENTATION' AND is_standard_view AND is_usable AND is_malignant IS NOT NULL
      GROUP BY label ORDER BY label`,
  },
  'interval-cancer-review': {
    unit: 'breasts',
    sql: `WITH sides AS (
        SELECT study_role, l_cancer_mode AS mode, l_days_to_cancer AS days, l_cc_presentation AS cc, l_mlo_presentation AS mlo FROM exams
        UNION ALL SELECT study_role, r_cancer_mode, r_days_to_cancer, r_cc_presentation, r_mlo_presentation FROM exams)
      SELECT CASE WHEN days <= 365 THEN 1 WHEN days <= 730 THEN 2 ELSE 3 END AS label, count(*) AS n FROM sides
      WHERE study_role = 'screening' AND mode = 'interval' AND days BETWEEN 1 AND 1095 AND cc IS NOT NULL AND mlo IS NOT NULL
      GROUP BY label ORDER BY label`,
  },
}; // prettier-ignore

describe('the cohorts that come with the program', () => {
  for (const [name, { unit, sql }] of Object.entries(BY_HAND))
    test(`${name} has the rows that SQL written by hand finds`, async () => {
      const expected = (await ask(sql)).map((row) => [String(row['label']), Number(row['n'])]);
      const { code, stdout, stderr } = cohort(name);
      if (expected.length === 0) {
        assert.match(stderr, /leaves none/);
        return;
      }
      assert.equal(code, 0, stderr);
      const place = join(folder, 'cohorts', name);
      assert.ok(stdout.endsWith(`wrote ${resolve(place)}\n`));
      const flow = readJson<Flow>(place, 'flow.json');
      assert.deepEqual(
        flow.labels.map(({ label, counts }) => [label, counts[unit]]),
        expected,
      );
      assert.deepEqual(readdirSync(place).sort(), FILES);
      assert.deepEqual(croissantFaults(place), []);
    });

  test('density says which table it needs', () => {
    const { code, stdout, stderr } = cohort('density');
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /^omidb-etl: the cohort needs the table side_density, .* --side-table density=FILE\.csv\n$/);
  }); // prettier-ignore

  test('are listed', () => {
    const { code, stdout } = cohort('--list');
    assert.equal(code, 0);
    for (const name of [...Object.keys(BY_HAND), 'density']) assert.match(stdout, new RegExp(`^${name} \\(`, 'm'));
  }); // prettier-ignore
});

const FILES = [
  'README.md',
  'certificate.json',
  'cohort.csv',
  'cohort.json',
  'cohort.parquet',
  'croissant.json',
  'excluded.parquet',
  'flow.json',
  'flow.md',
  'flow.svg',
  'table1.csv',
  'table1.md',
];

describe('the page of cohorts', () => {
  const page = readFileSync(fileURLToPath(new URL('../../../docs/cohorts.md', import.meta.url)), 'utf8');

  test('its spec can be done as it stands there, with what follows from each of its parts', () => {
    const [, spec] = /^```yaml\n([^]*?)^```/m.exec(page)!;
    writeFileSync(join(folder, 'mine.yaml'), spec!);
    const { code, stderr } = cohort('mine.yaml');
    assert.equal(code, 0, stderr);
    const { steps } = readJson<Flow>(folder, 'cohorts', 'my-detection', 'flow.json');
    assert.deepEqual(
      steps.map(({ kind }) => kind),
      ['keep', 'drop', 'label', 'hold_out', 'match'],
    );
  });

  test('names every file and every option', () => {
    for (const file of FILES) assert.ok(page.includes(`\`${file}\``), file);
    const { stdout } = runCli(['cohort', '--help']);
    for (const [option] of stdout.matchAll(/--[a-z][a-z-]*[a-z]/g))
      assert.ok(page.includes(option) || ['--help', '--version'].includes(option), option);
  });
});

describe('the command', () => {
  test('makes the same again from cohort.json', () => {
    const name = 'cancer-detection-4view';
    assert.equal(cohort(name, '--to', 'one', '--seed', '3', '--min-count', '2').code, 0);
    assert.equal(cohort(join('one', 'cohort.json'), '--to', 'two').code, 0);
    for (const file of FILES)
      assert.deepEqual(readFileSync(join(folder, 'two', file)), readFileSync(join(folder, 'one', file)), file); // prettier-ignore
    const more = cohort(join('one', 'cohort.json'), '--to', 'three', '--seed', '4');
    assert.equal(more.code, 2);
    assert.match(more.stderr, /--seed cannot be given with/);
  });

  test('explains each step, and writes nothing', () => {
    const before = readdirSync(folder).sort();
    const { code, stdout } = cohort('mirai-risk', '--explain');
    assert.equal(code, 0);
    assert.match(stdout, /^-- step 2: Four standard views\nINSERT INTO lost/m);
    assert.deepEqual(readdirSync(folder).sort(), before);
  });

  const wrong: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ['no name', [], 2, /say which cohort: omidb-etl cohort --list/],
    ['an unknown name', ['mirai'], 2, /there is no cohort "mirai": there are cancer-detection-4view, density, /],
    ['a file that is not there', ['none.yaml'], 2, /the spec \S+none\.yaml cannot be read \(ENOENT\)/],
    ['a number that is none', ['density', '--seed', 'x'], 2, /--seed is "x": give a whole number/],
    ['an unknown snapshot', ['density', '--snapshot', 'x'], 1, /x is no snapshot/],
    ['a cohort.json that is not there', ['none.json'], 2, /none\.json cannot be read \(ENOENT\): give the cohort\.json of a cohort/],
    ['an earlier cohort that is none', ['mirai-risk', '--keep-splits', '.'], 2, /--keep-splits \S+ holds no cohort/],
  ]; // prettier-ignore
  for (const [name, args, exit, says] of wrong)
    test(`says what is wrong: ${name}`, () => {
      const { code, stderr } = cohort(...args);
      assert.equal(code, exit);
      assert.match(stderr, says);
      assert.equal(stderr.trimEnd().split('\n').length, 1);
    });

  test('writes nothing for a spec that reads files, and reads none', () => {
    const secret = join(folder, 'secret.csv');
    writeFileSync(secret, 'a\nnot of the snapshot\n');
    const spec = join(folder, 'hostile.yaml');
    for (const sql of [
      `(SELECT a = '' FROM read_csv('${secret}'))`,
      `1 = 1); COPY exams TO '${folder}/copied.csv'; SELECT (1`,
      `is_complete FROM read_csv('${secret}')`,
      "ATTACH '" + folder + "/x.db'",
    ]) {
      writeFileSync(spec, `name: hostile\nunit: exam\nsteps:\n  - {name: x, keep: ${JSON.stringify(sql)}}\nlabel: {name: a, sql: is_complete}\nsplit: {all: 1}\n`); // prettier-ignore
      const { code, stdout, stderr } = cohort(spec);
      assert.equal(code, 2, stderr);
      assert.doesNotMatch(stdout + stderr, /not of the snapshot|error of the program/);
      assert.match(stderr, /step 1, "x": /);
    }
    assert.ok(!existsSync(join(folder, 'cohorts', 'hostile')));
    assert.ok(!readdirSync(folder).some((name) => ['copied.csv', 'x.db'].includes(basename(name))));
  });
});
