import { join } from 'node:path';
import { sqlText } from '../../engine/sql.js';
import { rowOrder } from '../cohort-table.js';
import { copyCsv } from '../write-cohort.js';
import type { ExportPlace, ExportReport } from './export.js';
import { countReasons } from './reasons.js';
import { FOUR_VIEWS, lacksAView, WITH_UNITS } from './views.js';

/**
 * mirai.csv, the input of Mirai (github.com/yala/Mirai, demo/sample_metadata.csv): a row for each of the four images of an
 * exam. Years are whole ones, rounded down; years_to_cancer is 100 where no cancer is recorded, as there. Its split_group
 * is the split, of which validation is called dev.
 */
export async function writeMirai(place: ExportPlace): Promise<ExportReport> {
  const { db, checked, roots, folder } = place;
  await db.query(`CREATE TABLE mirai AS
SELECT client_id, study_instance_uid, cohort.split, ${FOUR_VIEWS.map(({ slot }) => `cohort.${slot}_path`).join(', ')},
  units.days_to_cancer, units.days_to_last_follow_up, ${reasonSql()} AS reason
FROM ${WITH_UNITS}`);
  const root = sqlText(roots.images === null ? '' : `${roots.images}/`);
  const rows = FOUR_VIEWS.map(
    ({ slot, side, view }, i) => `SELECT client_id, study_instance_uid, ${i} AS place,
  '${side}' AS laterality, '${view}' AS view, ${root} || ${slot}_path AS file_path,
  coalesce(floor(days_to_cancer / 365.25), 100)::INTEGER AS years_to_cancer,
  coalesce(greatest(floor(days_to_last_follow_up / 365.25), 0), 0)::INTEGER AS years_to_last_followup,
  CASE split WHEN 'validation' THEN 'dev' ELSE split END AS split_group
FROM mirai WHERE reason IS NULL`,
  );
  const sql = `SELECT client_id AS patient_id, study_instance_uid AS exam_id, laterality, view, file_path,
  years_to_cancer, years_to_last_followup, split_group
FROM (${rows.join('\nUNION ALL\n')}) ORDER BY ${rowOrder(checked.unit.key)}, place`;
  await copyCsv(db, sql, join(folder, 'mirai.csv'));
  return { name: 'mirai', files: ['mirai.csv'], ...(await countReasons(db, 'mirai')) };
}

/** Mirai would take a cancer without a date for none, and one before the exam for one long after it. */
function reasonSql(): string {
  const undated = ['l', 'r'].map(
    (side) => `(units.${side}_cancer_mode IS NOT NULL AND units.${side}_days_to_cancer IS NULL)`,
  );
  return `CASE WHEN ${lacksAView('units')} THEN 'without four views' WHEN ${undated.join(' OR ')} THEN 'cancer without a date'
  WHEN units.days_to_cancer < 0 THEN 'cancer before the exam' END`;
}
