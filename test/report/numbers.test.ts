import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseHTML } from 'linkedom';
import { openDuckDb } from '../helpers/duckdb.js';
import { reportOf } from '../helpers/report.js';
import { sharedRun } from '../helpers/shared-run.js';

/** Numbers of the page against queries of the tables, written for this test. */

const { current } = sharedRun('faulty');
const document = parseHTML(await reportOf(current)).document;
const ask = await openDuckDb();

/** What the cells of the first row of a section say whose first cell begins with a text. */
function cells(section: string, first: string): string[] {
  const rows = [...document.querySelectorAll(`#${section} tr`)].map((row) =>
    [...row.querySelectorAll('th, td')].map(({ textContent }) =>
      textContent.replaceAll(/(?<=\d),(?=\d)/g, '').trim(),
    ),
  );
  const row = rows.find(([name]) => name === first || name?.startsWith(`${first} `) === true);
  assert.ok(row !== undefined, `${section} has no row ${first}`);
  return row.slice(1);
}

async function one(sql: string): Promise<string[]> {
  const query = sql.replaceAll(
    /\{(\w+)\}/g,
    (_, table: string) => `'${join(current, 'tables', table)}/*.parquet'`,
  );
  const rows = await ask(query);
  assert.equal(rows.length, 1, query);
  return Object.values(rows[0]!).map(String);
}

describe('a number of the page is that of the tables', () => {
  const inTable1 = 'count(DISTINCT client_id), count(DISTINCT client_id || study_instance_uid), count(*)';
  const held: readonly [what: string, shown: () => string[], sql: string][] = [
    ['all women, exams and images', () => cells('table1', 'all').slice(0, 3), `SELECT ${inTable1} FROM {image_summary}`],
    ['malignant outcomes', () => cells('table1', 'M').slice(0, 3), `SELECT ${inTable1} FROM {image_summary} WHERE episode_outcome = 'M'`],
    ['ages 50 to 59', () => cells('table1', '50 to 59').slice(0, 3), `SELECT ${inTable1} FROM {image_summary} WHERE patient_age_years BETWEEN 50 AND 59`],
    ['a site', () => cells('table1', 'ADDE').slice(0, 3), `SELECT ${inTable1} FROM {image_summary} WHERE site = 'ADDE'`],
    ['a year', () => cells('table1', '2012').slice(0, 3), `SELECT ${inTable1} FROM {image_summary} WHERE study_date BETWEEN '2012-01-01' AND '2012-12-31'`],
    ['images with a DICOM file that is whole, and how many are lost', () => cells('flow', 'file is whole, under the right name').slice(0, 2), 'SELECT count(*) FILTER (dicom_ok), count(*) FILTER (NOT dicom_ok) FROM {image_summary} WHERE dicom_path IS NOT NULL'],
    ['complete exams', () => cells('flow', 'all four views, for presentation').slice(0, 1), 'SELECT count(*) FROM {exams} WHERE is_complete'],
    ['mismatches of a kind, and their women', () => cells('mismatches', 'dicom_unreadable').slice(1, 3), "SELECT count(*), count(DISTINCT client_id) FROM {mismatches} WHERE kind = 'dicom_unreadable'"],
    ['exams of a site by year', () => cells('coverage', 'ADDE').slice(0, 1), "SELECT count(*) FROM {exams} WHERE site = 'ADDE'"],
    ['thicknesses from 50 to 55 mm of one maker', () => [thickness('siemens', 50)], "SELECT count(*) FROM {image_summary} WHERE manufacturer_name = 'siemens' AND body_part_thickness >= 50 AND body_part_thickness < 55"],
    ['malignant boxes', () => cells('boxes', 'malignant').slice(0, 1), 'SELECT count(*) FROM {boxes} WHERE is_malignant'],
    ['boxes of 10 to 15 mm: malignant, benign, not known', () => cells('boxes', '10').slice(0, 3), 'SELECT count(*) FILTER (is_malignant), count(*) FILTER (NOT is_malignant), count(*) FILTER (is_malignant IS NULL) FROM {boxes} WHERE greatest(box_width_mm, box_height_mm) >= 10 AND greatest(box_width_mm, box_height_mm) < 15'],
  ]; // prettier-ignore

  for (const [what, shown, sql] of held)
    test(what, async () => {
      const expected = await one(sql);
      assert.deepEqual(shown(), expected);
      assert.ok(
        expected.some((number) => number !== '0'),
        'there is something to count',
      );
    });

  test('how complete a column is by maker, one that is half empty', async () => {
    const [share] = await one(
      "SELECT round(100.0 * count(source_sop_instance_uids) / count(*), 1)::DECIMAL(4, 1) FROM {images} JOIN {image_summary} s USING (client_id, study_instance_uid, sop_instance_uid) WHERE s.manufacturer_name = 'siemens'",
    );
    const heads = [...document.querySelectorAll('#completeness thead th')].map(({ textContent }) => textContent); // prettier-ignore
    const place = heads.findIndex((head) => head.startsWith('siemens '));
    assert.equal(cells('completeness', 'source_sop_instance_uids')[place - 1], `${share!} %`);
  });

  test('boxes on the half at the chest wall', async () => {
    const [share] = await one(
      `SELECT round(100.0 * count(*) FILTER (x < 0.5) / count(*), 1)::DECIMAL(4, 1) FROM (
        SELECT CASE s.chest_wall_side WHEN 'left' THEN (box_x_min + box_x_max) / 2.0 / b.columns
          WHEN 'right' THEN 1 - (box_x_min + box_x_max) / 2.0 / b.columns END AS x
        FROM {boxes} b JOIN {image_summary} s USING (client_id, study_instance_uid, sop_instance_uid)
        WHERE b.view = 'CC' AND box_y_min + box_y_max BETWEEN 0 AND 2 * b.rows)
       WHERE x BETWEEN 0 AND 1`,
    );
    const figure = document.querySelector('#place-CC-title')!;
    assert.ok(figure.textContent.startsWith(`${share!} % of the boxes in CC views`), figure.textContent);
  });
});

function thickness(maker: string, from: number): string {
  const table = document.querySelector('#spread-thickness-title')!.closest('figure')!.querySelector('table')!;
  const rows = [...table.querySelectorAll('tr')].map((row) => [...row.querySelectorAll('th, td')].map(({ textContent }) => textContent)); // prettier-ignore
  return rows.find(([name]) => name === String(from))![rows[0]!.indexOf(maker)]!;
}
