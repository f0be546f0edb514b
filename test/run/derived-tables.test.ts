import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeSample } from '../../scripts/sample/database.js';
import { runCli, temporaryFolder } from '../helpers/cli.js';
import { openDuckDb, type Ask, type Row } from '../helpers/duckdb.js';
import { howMany, itemsOf, SEED, turnsOf } from '../helpers/extent.js';
import { BOUNDED } from '../helpers/processes.js';

/**
 * What is derived across episodes, studies and women, against SQL over the base tables that follows the words of the rules
 * and shares no code with the program; and the recipes of docs/training-sets.md, on the same women.
 */

const WOMEN = turnsOf(1000, 250);
const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const folder = temporaryFolder();
let ask: Ask;

before(async () => {
  const database = join(folder, 'database');
  makeSample({ out: database, clients: WOMEN, seed: SEED % 1000, faults: [], pixels: 'sparse' });
  const run = runCli(['run', database, '--out', join(folder, 'output'), '--no-progress'], { cwd: folder });
  assert.equal(run.code, 0, run.stderr);
  ask = await openDuckDb();
  for (const table of TABLES) {
    const files = join(folder, 'output', 'current', 'tables', table, '*.parquet');
    await ask(`CREATE VIEW ${table} AS SELECT * FROM read_parquet('${files}')`);
  }
  await ask(`CREATE TABLE lesion_tissue AS ${LESION_TISSUE}`);
  await ask(`CREATE TABLE cancers AS ${CANCERS}`);
});

const TABLES = [
  'events', 'episodes', 'lesions', 'wide_biopsies', 'fine_biopsies', 'surgeries', 'interval_cancers', 'studies',
  'images', 'breasts', 'image_summary', 'exams', 'boxes', 'paired_boxes', 'marks', 'splits',
]; // prettier-ignore

const KEY = 'client_id, episode_id, side, lesion_number';

/** Every lesion in tissue, and whether what is written of it is cancer; LCIS alone is none. */
const LESION_TISSUE = `
  WITH findings AS (
    SELECT ${KEY}, in_situ_components AS parts, dcis_grade FROM wide_biopsies
    UNION ALL SELECT ${KEY}, in_situ_components, dcis_grade FROM surgeries),
  lcis AS (
    SELECT ${KEY} FROM findings JOIN lesions USING (${KEY}) WHERE NOT is_invasive GROUP BY ALL
    HAVING count(*) FILTER (dcis_grade IS NOT NULL) = 0 AND count(*) FILTER (len(parts) > 0) > 0
       AND bool_and(coalesce(len(list_filter(parts, part -> part <> 'NIL')), 0) = 0)),
  tissue AS (
    SELECT ${KEY}, 'biopsy_wide' AS event, date_performed AS day,
           coalesce(opinion IN ('B5', 'C5', 'H5'), false) OR coalesce(malignancy_type IN ('a', 'b'), false) AS bad FROM wide_biopsies
    UNION ALL SELECT ${KEY}, 'biopsy_fine', date_performed, coalesce(opinion IN ('B5', 'C5', 'H5'), false) FROM fine_biopsies
    UNION ALL SELECT ${KEY}, 'surgery', date_performed, coalesce(opinion IN ('B5', 'C5', 'H5'), false) FROM surgeries)
  SELECT tissue.* EXCLUDE (bad), bad AND (client_id, episode_id, side, lesion_number) NOT IN (FROM lcis) AS is_cancer
  FROM tissue`;

const SIDE_OPINIONS = `
  SELECT client_id, episode_id, event, event_dates, 'L' AS side, left_opinion AS opinion FROM events
  UNION ALL SELECT client_id, episode_id, event, event_dates, 'R', right_opinion FROM events`;

/** Everything that records a cancer of a breast, with its day. */
const CANCERS = `
  WITH opinions AS (${SIDE_OPINIONS}),
  malignant AS (
    SELECT client_id, episode_id, event, side FROM opinions
    WHERE event IN ('surgery', 'biopsy_wide', 'biopsy_fine') AND opinion = 'OM'),
  tissue AS (
    SELECT * FROM malignant
    UNION SELECT client_id, episode_id, event, side FROM lesion_tissue WHERE is_cancer),
  day_on_side AS (
    SELECT client_id, episode_id, event, side, min(day) AS day FROM lesion_tissue GROUP BY ALL),
  tissue_dated AS (
    SELECT t.client_id, t.episode_id, t.side,
           coalesce(d.day, list_min(v.event_dates), e.interval_cancer_date_of_diagnosis, e.sort_date) AS day
    FROM tissue t JOIN events v USING (client_id, episode_id, event) JOIN episodes e USING (client_id, episode_id)
    LEFT JOIN day_on_side d USING (client_id, episode_id, event, side)),
  named AS (
    SELECT o.client_id, o.episode_id, o.side, o.event_dates,
           (SELECT min(date_performed) FROM interval_cancers i
             WHERE i.client_id = o.client_id AND i.episode_id = o.episode_id AND i.side = o.side) AS own_day
    FROM opinions o
    WHERE event = 'interval_cancer' AND coalesce(opinion NOT IN ('ON', 'OB'), true)
      AND (opinion IS NOT NULL OR (client_id, episode_id, side) IN (SELECT (client_id, episode_id, side) FROM interval_cancers))),
  interval_dated AS (
    SELECT n.client_id, n.episode_id, n.side,
           coalesce(e.interval_cancer_date_of_diagnosis, n.own_day, list_min(n.event_dates), e.sort_date) AS day
    FROM named n JOIN episodes e USING (client_id, episode_id)
    WHERE e.status = 'CI' AND (client_id, episode_id) NOT IN (SELECT (client_id, episode_id) FROM malignant))
  FROM tissue_dated UNION ALL FROM interval_dated`;

/** Asserts that a query has no rows; shows some of those it has. */
async function none(sql: string): Promise<void> {
  assert.deepEqual((await ask(sql)).slice(0, 3), []);
}

const count = async (sql: string): Promise<number> =>
  Number((await ask(`SELECT count(*) AS n FROM (${sql})`))[0]!['n']);

describe(`derived tables of ${howMany(WOMEN, 1000, 'women')} (seed ${SEED % 1000})`, () => {
  test('breasts have the first cancer that the base tables record, and of its kind', async () => {
    assert.ok((await count('SELECT 1 FROM breasts WHERE first_cancer_date IS NOT NULL')) > 10);
    await none(`
      SELECT client_id, side, first_cancer_date, day
      FROM breasts FULL JOIN (SELECT client_id, side, min(day) AS day FROM cancers GROUP BY ALL) USING (client_id, side)
      WHERE first_cancer_date IS DISTINCT FROM day`);
    await none(`
      SELECT client_id, side, first_cancer_episode_id FROM breasts WHERE first_cancer_date IS NOT NULL
       AND (client_id, first_cancer_episode_id, side, first_cancer_date) NOT IN
           (SELECT (client_id, episode_id, side, day) FROM cancers WHERE day IS NOT NULL)`);
    await none(`
      SELECT b.client_id, b.side, cancer_mode FROM breasts b
      JOIN episodes e ON e.client_id = b.client_id AND e.episode_id = b.first_cancer_episode_id
      WHERE cancer_mode <> CASE
        WHEN episode_type = 'CI' THEN 'interval'
        WHEN episode_type IN ('F', 'R', 'N') AND EXISTS (SELECT 1 FROM events v WHERE v.client_id = e.client_id
          AND v.episode_id = e.episode_id AND event = 'screening') THEN 'screen'
        ELSE 'other' END`);
  });

  test('breasts have the first operation and biopsy, and her last screen or assessment', async () => {
    for (const [column, events] of [
      ['first_surgery_date', `('surgery')`],
      ['first_biopsy_date', `('biopsy_wide', 'biopsy_fine')`],
    ] as const)
      await none(`
        SELECT client_id, side, ${column}, day FROM breasts JOIN (
          SELECT client_id, side, min(day) AS day FROM lesion_tissue WHERE event IN ${events} GROUP BY ALL) USING (client_id, side)
        WHERE ${column} > day OR ${column} IS NULL AND day IS NOT NULL`);
    await none(`
      SELECT client_id, last_follow_up_date, day FROM breasts LEFT JOIN (
        SELECT client_id, max(day) AS day FROM (
          SELECT client_id, unnest(event_dates) AS day FROM events WHERE event IN ('screening', 'assessment')) GROUP BY ALL)
        USING (client_id) WHERE last_follow_up_date IS DISTINCT FROM day`);
  });

  test('images have the days to the cancer of their breast, and to her last screen or assessment', async () => {
    await none(`
      SELECT i.client_id, sop_instance_uid, breast_days_to_cancer FROM image_summary i
      JOIN breasts b ON b.client_id = i.client_id AND b.side = i.breast
      WHERE breast_days_to_cancer IS DISTINCT FROM date_diff('day', study_date, b.first_cancer_date)
         OR days_to_last_follow_up IS DISTINCT FROM date_diff('day', study_date, b.last_follow_up_date)
         OR breast_cancer_mode IS DISTINCT FROM b.cancer_mode`);
    await none(`SELECT 1 FROM image_summary WHERE breast IS NULL AND breast_days_to_cancer IS NOT NULL`);
  });

  test('images are post-op where a lesion of their breast was operated on before', async () => {
    await none(`
      SELECT i.client_id, sop_instance_uid, breast_is_post_op FROM image_summary i
      WHERE breast_is_post_op <> EXISTS (
        SELECT 1 FROM lesion_tissue t WHERE t.client_id = i.client_id AND t.side = i.breast AND event = 'surgery'
         AND t.day < i.study_date)`);
  });

  test('exams say of each breast what its images say, and count her screens', async () => {
    for (const side of ['l', 'r'])
      await none(`
        SELECT e.client_id, study_instance_uid FROM exams e
        JOIN image_summary i USING (client_id, study_instance_uid)
        WHERE lower(i.breast) = '${side}' AND (
          ${side}_label IS DISTINCT FROM breast_label OR ${side}_label_strict IS DISTINCT FROM breast_label_strict
          OR ${side}_outcome IS DISTINCT FROM breast_outcome OR ${side}_days_to_cancer IS DISTINCT FROM breast_days_to_cancer
          OR ${side}_is_post_op IS DISTINCT FROM breast_is_post_op)`);
    await none(`
      SELECT client_id, study_instance_uid, exam_number, place FROM (
        SELECT *, rank() OVER (PARTITION BY client_id ORDER BY study_date) AS place FROM exams WHERE study_role = 'screening')
      WHERE exam_number <> place`);
    await none(`SELECT 1 FROM exams WHERE study_role <> 'screening' AND exam_number IS NOT NULL`);
  });

  test('a chosen image is a standard view of its breast that can be opened', async () => {
    for (const [side, view] of [
      ['l', 'cc'],
      ['l', 'mlo'],
      ['r', 'cc'],
      ['r', 'mlo'],
    ] as const)
      // prettier-ignore
      await none(`
        SELECT e.client_id, i.sop_instance_uid FROM exams e
        LEFT JOIN image_summary i ON i.client_id = e.client_id AND i.sop_instance_uid = e.${side}_${view}_presentation
        WHERE ${side}_${view}_presentation IS NOT NULL AND NOT coalesce(lower(i.breast) = '${side}' AND lower(i.view) = '${view}'
          AND dicom_ok AND presentation_intent_type = 'FOR PRESENTATION' AND NOT is_spot_or_magnified
          AND i.study_instance_uid = e.study_instance_uid, false)`);
  });

  test('a box on the pair has the size of the box, or that of its quarter turn', async () => {
    assert.ok((await count('FROM paired_boxes')) > 0);
    await none(`
      SELECT client_id, mark_id FROM paired_boxes p JOIN boxes b USING (client_id, study_instance_uid, sop_instance_uid, mark_id)
      WHERE list_sort([p.box_x_max - p.box_x_min, p.box_y_max - p.box_y_min])
         <> list_sort([b.box_x_max - b.box_x_min, b.box_y_max - b.box_y_min])`);
  });

  test('no woman, image or group is in two splits, and the point is that of the group', async () => {
    assert.equal(await count('FROM splits'), WOMEN);
    await none(`SELECT 1 FROM splits WHERE abs(split_point
      - ('0x' || sha256(split_group)[1:13])::BIGINT / 4503599627370496) > 0 OR NOT split_point BETWEEN 0 AND 1`);
    await none(`
      SELECT sop_instance_uid FROM images JOIN splits USING (client_id)
      GROUP BY ALL HAVING count(DISTINCT split_group) > 1`);
  });
});

const PAGE = readFileSync(join(PROJECT, 'docs/training-sets.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text!);

/** The rows of a recipe's SQL, on this sample. */
const recipe = (sql: string): Promise<Row[]> =>
  ask(
    sql
      .replaceAll("'output/", `'${join(folder, 'output')}/`)
      .trim()
      .replace(/;$/, ''),
  );

describe('the recipes of docs/training-sets.md', () => {
  const [images, boxes, exams] = blocks('sql');

  test('of images have no view or image that tells the label, and no negative with a cancer later', async () => {
    const rows = await recipe(images!);
    const labels = new Set(rows.map((row) => row['label']));
    assert.deepEqual([...labels].sort(), ['B', 'M', 'N']);
    const paths = rows.map((row) => `'${String(row['dicom_path'])}'`).join(', ');
    const chosen = `SELECT * FROM image_summary WHERE dicom_path IN (${paths})`;
    await none(`SELECT 1 FROM (${chosen}) WHERE is_spot_or_magnified OR is_partial_view OR image_kind <> 'ffdm'
      OR NOT dicom_ok OR study_role <> 'screening' OR breast_label_strict = 'U' OR breast_is_post_op`);
    await none(
      `SELECT 1 FROM (${chosen}) WHERE breast_label_strict <> 'M' AND breast_days_to_cancer IS NOT NULL`,
    );
    // Magnified, assessment and post-op images: none of any label, and so no share that differs.
    const shares = await ask(`SELECT breast_label_strict AS label,
      avg((is_spot_or_magnified OR study_role = 'assessment' OR coalesce(breast_is_post_op, true))::INT) AS share
      FROM (${chosen}) GROUP BY ALL`);
    for (const { share } of shares) assert.equal(Number(share), 0);
  });

  test('of boxes have usable ones of screens only, positive and negative', async () => {
    const rows = await recipe(boxes!);
    assert.deepEqual(new Set(rows.map((row) => row['is_malignant'])), new Set([true, false]));
    const paths = rows.map((row) => `'${String(row['dicom_path'])}'`).join(', ');
    await none(`SELECT 1 FROM image_summary WHERE dicom_path IN (${paths})
      AND (is_spot_or_magnified OR image_kind <> 'ffdm' OR study_role <> 'screening' OR NOT dicom_ok)`);
  });

  test('of risk have four views, no treated woman, and no cancer before the exam', async () => {
    const rows = await recipe(exams!);
    assert.ok(rows.length > 10);
    assert.ok(rows.some((row) => row['days_to_cancer'] !== null));
    for (const row of rows) {
      assert.ok(row['days_to_cancer'] === null || Number(row['days_to_cancer']) >= 0);
      assert.ok(row['days_to_cancer'] !== null || Number(row['days_to_last_follow_up']) > 0);
    }
    const studies = rows.map((row) => `'${String(row['study_instance_uid'])}'`).join(', ');
    await none(
      `SELECT 1 FROM exams WHERE study_instance_uid IN (${studies}) AND NOT (is_complete AND study_role = 'screening')`,
    );
    await none(
      `SELECT 1 FROM image_summary WHERE study_instance_uid IN (${studies}) AND breast_days_to_cancer < 0`,
    );
  });

  const python = join(PROJECT, '.python/bin/python');
  const skip = existsSync(python) ? false : 'there is no .python/bin/python';
  const names = ['classification', 'detection', 'risk'];
  test('choose the same rows in pandas and Polars as in SQL', { skip }, async () => {
    const scripts = blocks('python');
    assert.equal(scripts.length, 6);
    for (const [i, script] of itemsOf([...scripts.entries()], 2)) {
      const name = names[Math.floor(i / 2)]!;
      const done = spawnSync(python, ['-c', `${script}\nprint(len(${name}))`], {
        cwd: folder,
        encoding: 'utf8',
        ...BOUNDED,
      });
      assert.equal(done.status, 0, done.stderr);
      const rows = await recipe([images!, boxes!, exams!][Math.floor(i / 2)]!);
      assert.equal(done.stdout.trim().split('\n').at(-1), String(rows.length), `${name}, script ${i + 1}`);
    }
  });
});
