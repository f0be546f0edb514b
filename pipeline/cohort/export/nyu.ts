import { join } from 'node:path';
import { rowOrder } from '../cohort-table.js';
import { copyCsv } from '../write-cohort.js';
import type { ExportPlace, ExportReport } from './export.js';
import { countReasons } from './reasons.js';
import { FOUR_VIEWS, lacksAView, WITH_UNITS } from './views.js';

/**
 * nyu.csv, the exam list of the classifier of NYU (github.com/nyukat/breast_cancer_classifier) as CSV: a row for each exam,
 * under each view the path of its image without `.dcm`, and the four labels by l_label_strict and r_label_strict: M is
 * malignant, B benign. horizontal_flip is NO where left breasts hang at the left edge and right ones at the right edge, as
 * is expected there, YES where all are the other way round, and empty where that cannot be told or they disagree.
 */
export async function writeNyu(place: ExportPlace): Promise<ExportReport> {
  const { db, checked, folder } = place;
  const { key, images } = checked.unit;
  await db.query(`CREATE TABLE flips AS
SELECT client_id, study_instance_uid, CASE WHEN count(*) FILTER (is_flipped IS NULL) > 0 OR bool_or(is_flipped) <> bool_and(is_flipped)
  THEN NULL WHEN bool_or(is_flipped) THEN 'YES' ELSE 'NO' END AS horizontal_flip
FROM (
  SELECT client_id, study_instance_uid, chest_wall_side <> CASE side WHEN 'L' THEN 'left' ELSE 'right' END AS is_flipped
  FROM (${images}) JOIN image_summary USING (client_id, study_instance_uid, sop_instance_uid)
  WHERE slot LIKE '%_presentation'
) GROUP BY client_id, study_instance_uid`);
  await db.query(`CREATE TABLE nyu AS
SELECT client_id, study_instance_uid, horizontal_flip,
  ${FOUR_VIEWS.map(({ slot, side, view }) => `regexp_replace(cohort.${slot}_path, '\\.dcm$', '', 'i') AS "${side}-${view}"`).join(', ')},
  ${labelColumns()}, cohort.split,
  CASE WHEN ${lacksAView('units')} THEN 'without four views'
    WHEN coalesce(units.l_label_strict = 'U' OR units.r_label_strict = 'U', true) THEN 'label of a breast not settled' END AS reason
FROM ${WITH_UNITS} LEFT JOIN flips USING (client_id, study_instance_uid)`);
  const sql = `SELECT * EXCLUDE (reason) FROM nyu WHERE reason IS NULL ORDER BY ${rowOrder(key)}`;
  await copyCsv(db, sql, join(folder, 'nyu.csv'));
  return { name: 'nyu-csv', files: ['nyu.csv'], ...(await countReasons(db, 'nyu')) };
}

function labelColumns(): string {
  const columns = [
    ['left', 'l', 'benign', 'B'],
    ['right', 'r', 'benign', 'B'],
    ['left', 'l', 'malignant', 'M'],
    ['right', 'r', 'malignant', 'M'],
  ] as const;
  return columns
    .map(
      ([side, letter, what, label]) =>
        `(units.${letter}_label_strict = '${label}')::INTEGER AS ${side}_${what}`,
    )
    .join(', ');
}
