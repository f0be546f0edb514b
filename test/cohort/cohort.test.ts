import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { processMark } from '../../pipeline/storage/temporary-folder.js';
import { readCohortFile, type CohortFile } from '../../pipeline/cohort/cohort-file.js';
import { explainCohort } from '../../pipeline/cohort/make-cohort.js';
import { openSource, snapshotOf } from '../../pipeline/cohort/source-tables.js';
import type { CohortSpec } from '../../pipeline/cohort/spec.js';
import { openDuckDb } from '../helpers/duckdb.js';
import { croissantFaults, readCroissant } from '../helpers/croissant.js';
import { hashesBelow } from '../helpers/output.js';
import { temporaryFolder } from '../helpers/cli.js';
import { bytesOf, make, readRows, requestOf, specOf } from './helpers.js';
import { exam, imagesOf, RUN, splitRow, tablesOfExams, writeSnapshot } from './snapshot.js';

const folder = temporaryFolder();
const exams = [
  exam('optm1', '1.1', { l_days_to_cancer: 100, site: 'ADDE' }),
  exam('optm2', '1.2', { days_to_last_follow_up: 10 }),
  exam('optm2', '1.3', { days_to_last_follow_up: 3000 }),
  exam('optm3', '1.4', { days_to_last_follow_up: null, has_implant: null }),
  exam('optm10', '1.5', { r_days_to_cancer: 2000, manufacturer_name: 'ge' }),
];
const out = join(folder, 'output');
const snapshot = await writeSnapshot(out, tablesOfExams(exams));
let made = 0;
const target = () => join(folder, `cohort-${made++}`);

async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return `${(error as { code?: string }).code ?? 'fault of the program'}: ${(error as Error).message}`;
  }
  return 'made';
}

const labelled = (label: Partial<CohortSpec['label']>) => specOf({ label: { name: 'cancer', sql: 'days_to_cancer < 1095', ...label } }); // prettier-ignore

describe('the label', () => {
  const labels = async (spec: CohortSpec) => {
    const to = target();
    const { flow } = await make(snapshot, spec, to);
    const rows = await readRows(to, 'cohort', 'SELECT study_instance_uid, cancer FROM rows ORDER BY 1');
    const { dropped, unknown } = flow.steps.at(-1)!;
    return [rows.map((row) => [row['study_instance_uid'], row['cancer']]), dropped.exams, unknown.exams];
  };

  test('that is empty is unknown, and such rows are left out', async () => {
    assert.deepEqual(await labels(labelled({})), [[['1.1', true], ['1.5', false]], 0, 3]); // prettier-ignore
  });

  test('that is empty means false where require says that it can be told', async () => {
    const require = 'days_to_last_follow_up >= 1095 OR days_to_cancer IS NOT NULL';
    assert.deepEqual(await labels(labelled({ require })), [
      [['1.1', true], ['1.3', false], ['1.5', false]],
      1,
      1,
    ]); // prettier-ignore
  });

  test('that is no condition is never made up, whatever require says', async () => {
    const spec = labelled({ sql: 'l_days_to_cancer', require: 'is_complete' });
    assert.deepEqual(await labels(spec), [[['1.1', 100]], 0, 4]);
  });
});

describe('a spec that cannot be done names where', () => {
  const cases: readonly (readonly [string, Partial<CohortSpec>, RegExp])[] = [
    ['an unknown column', { steps: [{ name: 'Complete', keep: 'is_complet' }] }, /^usage: step 1, "Complete": exam has no column is_complet: nearest are is_complete, .*; all are client_id, study_instance_uid, /],
    ['an unknown function', { steps: [{ name: 'x', keep: 'nope(site)' }] }, /^usage: step 1, "x": the function nope cannot be used/],
    ['no condition', { steps: [{ name: 'x', drop: 'site' }] }, /^usage: step 1, "x": a condition is true or false, and this is VARCHAR/],
    ['types that do not fit', { steps: [{ name: 'x', keep: 'site + 1 = 2' }] }, /^usage: step 1, "x": /],
    ['a type that there is not', { steps: [{ name: 'x', keep: "ATTACH 'x.db'" }] }, /^usage: step 1, "x": .*type/i],
    ['a value that cannot be read', { steps: [{ name: 'ok', keep: 'is_complete' }, { name: 'x', keep: 'site::INTEGER > 1' }] }, /^usage: step 2, "x": Conversion Error/],
    ['an unknown column of the label', { label: { name: 'a', sql: 'l_day_to_cancer > 1' } }, /^usage: label a: exam has no column l_day_to_cancer: nearest are l_days_to_cancer/],
    ['an unknown column to write', { columns: ['sites'] }, /^usage: columns: exam has no column sites: nearest are site/],
    ['an unknown column to match on', { match: { cases: 'cancer', on: ['ages'], ratio: 1 } }, /^usage: on of match: exam has no column ages/],
    ['a label with the name of a column', { label: { name: 'site', sql: 'true' } }, /^usage: label site has the name of a column of exam/],
    ['the label before it is there', { steps: [{ name: 'x', keep: 'cancer' }] }, /^usage: step 1, "x": exam has no column cancer/],
    ['a hold-out', { split: { train: 1, hold_out: { train: 'sit' } } }, /^usage: hold_out of train: exam has no column sit/],
    ['a file', { steps: [{ name: 'x', keep: "(SELECT content = '' FROM read_text('/etc/passwd'))" }] }, /^usage: step 1, "x": a query within the expression cannot be used/],
    ['a table that is missing', { columns: ['side_density.vas'] }, /^environment: the cohort needs the table side_density, which snapshot \S+ has not: .*--side-table density=FILE\.csv/],
    ['nothing left', { steps: [{ name: 'Nobody', keep: "site = 'NONE'" }] }, /^environment: no cohort was written: step 1, "Nobody", leaves none of 5 exams/],
  ]; // prettier-ignore
  for (const [name, spec, says] of cases)
    test(name, async () => {
      const to = target();
      assert.match(await refusal(make(snapshot, specOf(spec), to)), says);
      assert.ok(!readdirSync(folder).some((entry) => entry.startsWith('.')), 'nothing is left behind');
      assert.throws(() => readdirSync(to));
    });
});

describe('what is written', () => {
  const spec = specOf({
    columns: ['site', 'age_band', 'study_date'],
    label: { name: 'cancer', sql: 'coalesce(days_to_cancer BETWEEN 0 AND 1095, false)' },
  });

  test('is one row an exam, in natural order of women, with images, paths, label, split and columns', async () => {
    const to = target();
    await make(snapshot, spec, to);
    const rows = await readRows(to, 'cohort');
    assert.deepEqual(rows.map((row) => row['study_instance_uid']), ['1.1', '1.2', '1.3', '1.4', '1.5']);
    const { l_cc_presentation: image, l_cc_presentation_path: path, l_cc_tomo_path: tomo, cancer, split_group: group, site, age_band: age } = rows[0]!;
    assert.deepEqual([image, path, tomo, cancer, group, site, age], ['1.1.1', 'optm1/1.1/1.1.1.dcm', null, true, 'optm1', 'ADDE', '60 to 64']);
    const csv = readFileSync(join(to, 'cohort.csv'), 'utf8').split('\n');
    assert.equal(csv[0], Object.keys(rows[0]!).join(','));
    assert.equal(csv.length, 7);
    assert.ok(csv[1]!.startsWith('optm1,1.1,1.1.1,optm1/1.1/1.1.1.dcm,'));
  }); // prettier-ignore

  test('says in the footer of Parquet and in cohort.json where paths start', async () => {
    const to = target();
    await make(snapshot, spec, to);
    const roots = { data: '/db/data', images: '/db/images', nbss: null };
    const ask = await openDuckDb();
    const [row] = await ask(`SELECT decode(value) AS text FROM parquet_kv_metadata('${to}/cohort.parquet') WHERE decode(key) = 'omidb_etl'`); // prettier-ignore
    assert.deepEqual((JSON.parse(String(row!['text'])) as { roots: object }).roots, roots);
    const file = readCohortFile(join(to, 'cohort.json'));
    assert.deepEqual([file.roots, file.snapshot.run_id], [roots, RUN]);
    const described = file.columns.map(({ name }) => name);
    assert.deepEqual(described, Object.keys((await readRows(to, 'cohort'))[0]!));
    for (const { description } of file.columns) assert.ok(description.endsWith('.'), description);
  });

  test('is described by croissant.json: each file, each column with its type, and what the splits are for', async () => {
    const to = target();
    await make(snapshot, { ...spec, columns: ['missing_views', 'patient_age_years', 'study_date'], label: { name: 'share', sql: '0.5' } }, to);
    const described = readCroissant(to);
    assert.deepEqual(croissantFaults(to), []);
    assert.deepEqual(described.distribution.map(({ contentUrl }) => contentUrl), readdirSync(to).filter((name) => name !== 'croissant.json').sort());
    const set = (name: string) => described.recordSet.find((one) => one['@id'] === name)!;
    const types = Object.fromEntries(set('cohort').field.map((field) => [field['@id'].slice('cohort/'.length), [field.dataType, field.repeated ?? false]]));
    assert.deepEqual([types['client_id'], types['share'], types['missing_views'], types['patient_age_years'], types['study_date']], [['sc:Text', false], ['sc:Float', false], ['sc:Text', true], ['sc:Integer', false], ['sc:Date', false]]);
    assert.deepEqual(set('cohort').field.find(({ references }) => references !== undefined)!['@id'], 'cohort/split');
    assert.deepEqual(set('cr_splits').data, [{ 'cr_splits/name': 'train', 'cr_splits/url': 'cr:TrainingSplit' }, { 'cr_splits/name': 'test', 'cr_splits/url': 'cr:TestSplit' }]);
    assert.deepEqual(set('excluded').field.map(({ name }) => name), ['client_id', 'study_instance_uid', 'step', 'step_name', 'reason'].map((name) => `excluded/${name}`));
    const review = target();
    await make(snapshot, { ...spec, split: { review: 1 } }, review);
    assert.ok(!readCroissant(review).recordSet.some((one) => one['@id'] === 'cr_splits'));
  }); // prettier-ignore

  test('is the same bytes each time, and from cohort.json alone', async () => {
    const whole = { ...spec, match: { cases: 'cancer', on: ['manufacturer_name'], ratio: 2 } };
    const [one, two, three] = [target(), target(), target()];
    const more = { seed: 7, minCount: 3, earlier: { train: ['optm1', 'optm77'], test: ['optm2'] } };
    await make(snapshot, whole, one, more);
    await make(snapshot, whole, two, more);
    const file = readCohortFile(join(one, 'cohort.json'));
    await make(snapshotOf(file, out, undefined), file.spec, three, {
      tables: file.snapshot.tables,
      seed: file.seed,
      minCount: file.min_count,
      earlier: file.earlier_splits,
    });
    assert.deepEqual(bytesOf(two), bytesOf(one));
    assert.deepEqual(bytesOf(three), bytesOf(one));
    assert.equal(Object.keys(bytesOf(one)).length, 12);
  });

  test('replaces a cohort that is there, and nothing else', async () => {
    const to = target();
    await make(snapshot, spec, to);
    await make(snapshot, specOf(), to);
    assert.ok(!Object.keys((await readRows(to, 'cohort'))[0]!).includes('site'));
    writeFileSync(join(to, 'notes.txt'), 'mine');
    assert.match(await refusal(make(snapshot, spec, to)), /^usage: --to \S+ holds notes\.txt, which is not of the cohort/);
    const other = target();
    mkdirSync(other);
    await make(snapshot, spec, other);
    const before = hashesBelow(snapshot);
    assert.match(await refusal(make(snapshot, spec, snapshot)), /^usage: --to \S+ is there and is no cohort/);
    assert.deepEqual(hashesBelow(snapshot), before);
    writeFileSync(join(folder, 'file'), '');
    assert.match(await refusal(make(snapshot, spec, join(folder, 'file'))), /^usage: --to \S+ is a file/);
    assert.match(await refusal(make(snapshot, spec, join(folder, 'file', 'below'))), /^environment: \S+ cannot be written \(ENOTDIR\)/);
  }); // prettier-ignore

  test('removes what a run of the same name that was killed had left beside it, and nothing else', async () => {
    const place = join(folder, 'killed');
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const left = `.building-c-${processMark(dead)}-0a1b2c3d`;
    const others = [
      `.building-d-${processMark(dead)}-0a1b2c3d`,
      `.trash-c-${processMark()}-0a1b2c3d`,
      `.building-c-00000000-${dead}-0a1b2c3d`,
      `building-c-${processMark(dead)}-0a1b2c3d`,
    ];
    for (const name of [left, ...others]) mkdirSync(join(place, name), { recursive: true });
    await make(snapshot, spec, join(place, 'c'));
    assert.deepEqual(readdirSync(place).sort(), [...others, 'c'].sort());
  });

  test('is not made again from a snapshot that is gone, or whose tables changed', async () => {
    const place = join(folder, 'changing');
    const first = await writeSnapshot(place, tablesOfExams(exams));
    const to = target();
    await make(first, spec, to);
    const file: CohortFile = readCohortFile(join(to, 'cohort.json'));
    await writeSnapshot(place, tablesOfExams(exams.slice(1)));
    assert.match(await refusal(make(first, spec, target(), { tables: file.snapshot.tables })), /^environment: table exams of snapshot \S+ is not the one that the cohort was made from/);
    writeFileSync(join(first, 'tables', 'exams', 'part.parquet'), 'cut');
    assert.match(await refusal(make(first, specOf(), target())), /^environment: table exams of snapshot \S+ cannot be read/);
    renameSync(first, `${first}-away`);
    assert.throws(() => snapshotOf(file, place, undefined), /which cohort test was made from, is not in/);
    assert.throws(() => openSource(first), { code: 'environment' });
  }); // prettier-ignore

  test('is explained without being written', async () => {
    const before = readdirSync(folder).sort();
    const statements = await explainCohort(requestOf(snapshot, spec));
    assert.deepEqual(statements.map(({ title }) => title).slice(3, 5), ['step 1: Screening', 'step 2: cancer can be told']);
    assert.match(statements[3]!.sql, /study_role = 'screening'/);
    assert.deepEqual(readdirSync(folder).sort(), before);
  }); // prettier-ignore
});

describe('other units', () => {
  test('a breast is an exam by side, with the columns of its side', async () => {
    const to = target();
    const { flow } = await make(snapshot, specOf({ unit: 'breast', columns: ['days_to_cancer', 'label_strict'] }), to);
    assert.deepEqual(flow.start, { women: 4, exams: 5, breasts: 10, images: 20, boxes: 0 });
    const rows = await readRows(to, 'cohort', 'SELECT side, cc_presentation_path, days_to_cancer, cancer FROM rows WHERE client_id = \'optm1\'');
    assert.deepEqual(rows.map((row) => Object.values(row)), [
      ['L', 'optm1/1.1/1.1.1.dcm', 100, true],
      ['R', 'optm1/1.1/1.1.3.dcm', null, false],
    ]);
  }); // prettier-ignore

  test('an image and a box, with what a side table says of the image', async () => {
    const place = join(folder, 'boxes');
    const image = imagesOf('optm1', '1.1', { study_role: 'screening', site: 'ADDE', manufacturer_name: 'ge', patient_age_years: 44 });
    const box = (mark: string, more: object) => ({ client_id: 'optm1', study_instance_uid: '1.1', sop_instance_uid: '1.1.1', mark_id: mark, breast: 'L', dicom_path: 'optm1/1.1/1.1.1.dcm', ...more });
    const density = (n: number, value: string | null) => ({ client_id: 'optm1', study_instance_uid: '1.1', sop_instance_uid: `1.1.${n}`, density: value });
    const rows = {
      exams: [], image_summary: image, splits: [splitRow('optm1')],
      boxes: [box('1', { is_malignant: true }), box('2', { is_malignant: false }), box('3', {})],
      side_density: [density(1, 'c'), density(2, null), density(9, 'd')],
    };
    const from = await writeSnapshot(place, rows);
    const boxes = target();
    const { flow } = await make(from, specOf({ unit: 'box', steps: [{ name: 'Known', keep: 'is_malignant IS NOT NULL' }], label: { name: 'malignant', sql: 'is_malignant' }, columns: ['site', 'age_band', 'side_density.density'] }), boxes);
    assert.deepEqual([flow.start, flow.cohort].map(({ boxes: n, images }) => [n, images]), [[3, 1], [2, 1]]);
    const found = await readRows(boxes, 'cohort', 'SELECT mark_id, malignant, site, age_band, side_density_density FROM rows');
    assert.deepEqual(found.map((row) => Object.values(row)), [['1', true, 'ADDE', '44 and under', 'c'], ['2', false, 'ADDE', '44 and under', 'c']]);
    const images = target();
    const result = await make(from, specOf({ unit: 'image', label: { name: 'dense', sql: "side_density.density IN ('c', 'd')" } }), images);
    // Of one image the file has no value, of two it has no row.
    assert.deepEqual(result.flow.steps.map(({ unknown }) => unknown.images), [0, 3]);
    assert.deepEqual(result.flow.labels, [{ label: 'true', counts: { women: 1, exams: 1, breasts: 1, images: 1, boxes: 3 } }]);
    assert.match(await refusal(make(from, specOf({ unit: 'image', label: { name: 'a', sql: 'side_density.vas' } }), target())), /^usage: label a: side_density has no column vas: nearest are /);
    assert.match(await refusal(make(from, specOf({ unit: 'exam', label: { name: 'a', sql: 'side_density.density' } }), target())), /^usage: side_density has a row for each sop_instance_uid, and a row of unit exam has many/);
  }); // prettier-ignore
});

describe('table 1', () => {
  test('counts by split and label; small counts are masked, and those that would tell them', async () => {
    const place = join(folder, 'table1');
    const many = Array.from({ length: 12 }, (_, i) => exam(`optm${i + 1}`, `1.${i + 1}`, { site: i < 2 ? 'ADDE' : i < 6 ? 'STGE' : 'JARV' })); // prettier-ignore
    const from = await writeSnapshot(place, tablesOfExams(many));
    const to = target();
    await make(from, specOf({ split: { all: 1 } }), to, { minCount: 3 });
    const lines = readFileSync(join(to, 'table1.csv'), 'utf8').split('\r\n');
    assert.deepEqual(lines.slice(0, 4), [
      'variable,value,split,label,count',
      'women,,all,false,12',
      'exams,,all,false,12',
      'images,,all,false,48',
    ]);
    // Of 12, two are masked; 4 would leave 2 to be worked out.
    assert.deepEqual(lines.filter((line) => line.startsWith('site')), ['site,ADDE,all,false,*', 'site,JARV,all,false,6', 'site,STGE,all,false,*']); // prettier-ignore
    assert.match(readFileSync(join(to, 'table1.md'), 'utf8'), /\| site: ADDE \| \\\* \|/);
  });
});
