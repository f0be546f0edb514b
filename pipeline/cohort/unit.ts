import { EXAM_PURPOSES, EXAM_SIDES, EXAM_VIEWS } from '../../schemas/tables/exams.js';
import { sqlText } from '../engine/sql.js';
import type { UnitName } from './spec.js';

/**
 * The rows that a cohort is chosen from, as SQL over the tables of a snapshot. Each unit has the columns of its table and
 * the ones below; in the tables of numbers it goes by the same names for all units.
 */
export interface Unit {
  readonly name: UnitName;
  /** Tables of the snapshot that are read. */
  readonly tables: readonly string[];
  /** Names the row of a unit. */
  readonly key: readonly string[];
  /** @param columns of its tables */
  readonly sql: (columns: (table: string) => readonly string[]) => string;
  /** The images of each row: its key, sop_instance_uid, side, and slot where a row has several. */
  readonly images: string;
  /** Columns of a row that name its images; none where it is of one image, and has its paths. */
  readonly slots: readonly string[];
}

const CLIENT = 'client_id';
const STUDY = 'study_instance_uid';
const IMAGE = 'sop_instance_uid';

/** Ages in bands of five years, as tables of numbers and matching have them. */
const AGE_BAND = `CASE WHEN patient_age_years < 45 THEN '44 and under' WHEN patient_age_years >= 75 THEN '75 and over'
  ELSE (patient_age_years // 5 * 5) || ' to ' || (patient_age_years // 5 * 5 + 4) END AS age_band`;
const COMMON = `${AGE_BAND}, year(study_date)::INTEGER AS study_year`;

const SLOTS = EXAM_VIEWS.flatMap((view) => EXAM_PURPOSES.map((purpose) => `${view}_${purpose}`));
const BREAST_SLOTS = [...new Set(SLOTS.map((slot) => slot.slice(2)))];

/** With the group of women that must stay together, and its number. */
function withSplits(sql: string): string {
  return `SELECT rows.*, ${COMMON}, split_group, split_point FROM (${sql}) AS rows LEFT JOIN splits USING (client_id)`;
}

/** The images of exams, a row each, with the column that names it. */
const CHOSEN = `UNPIVOT (SELECT client_id, study_instance_uid, ${SLOTS.join(', ')} FROM exams)
  ON ${SLOTS.join(', ')} INTO NAME slot VALUE sop_instance_uid`;

const exam: Unit = {
  name: 'exam',
  tables: ['exams', 'image_summary', 'boxes', 'splits'],
  key: [CLIENT, STUDY],
  sql: () =>
    withSplits(`SELECT *, least(l_days_to_cancer, r_days_to_cancer) AS days_to_cancer,
  CASE WHEN r_days_to_cancer IS NULL OR l_days_to_cancer <= r_days_to_cancer
    THEN coalesce(l_cancer_mode, r_cancer_mode) ELSE r_cancer_mode END AS cancer_mode
FROM exams`),
  images: `SELECT client_id, study_instance_uid, slot, sop_instance_uid, upper(left(slot, 1)) AS side
FROM (${CHOSEN})`,
  slots: SLOTS,
};

/** An exam by side: columns of that side without its letter. */
function sideOfExams(side: (typeof EXAM_SIDES)[number], columns: readonly string[]): string {
  const other = side === 'l' ? 'r_' : 'l_';
  const chosen = columns
    .filter((name) => !name.startsWith(other))
    .map((name) => (name.startsWith(`${side}_`) ? `${name} AS ${name.slice(2)}` : name))
    .filter((name) => name !== CLIENT && name !== STUDY);
  return `SELECT client_id, study_instance_uid, ${sqlText(side.toUpperCase())} AS side, ${chosen.join(', ')} FROM exams`;
}

const breast: Unit = {
  name: 'breast',
  tables: exam.tables,
  key: [CLIENT, STUDY, 'side'],
  sql: (columns) =>
    withSplits(EXAM_SIDES.map((side) => sideOfExams(side, columns('exams'))).join('\nUNION ALL\n')),
  images: `SELECT client_id, study_instance_uid, upper(left(slot, 1)) AS side, substr(slot, 3) AS slot, sop_instance_uid
FROM (${CHOSEN})`,
  slots: BREAST_SLOTS,
};

const image: Unit = {
  name: 'image',
  tables: ['image_summary', 'boxes', 'splits'],
  key: [CLIENT, STUDY, IMAGE],
  sql: () =>
    withSplits(
      'SELECT *, breast_days_to_cancer AS days_to_cancer, breast_cancer_mode AS cancer_mode FROM image_summary',
    ),
  images: `SELECT client_id, study_instance_uid, sop_instance_uid, breast AS side FROM image_summary`,
  slots: [],
};

/** What boxes have not, from the summary of their image. */
const OF_THE_IMAGE = [
  'site',
  'study_date',
  'patient_age_years',
  'manufacturer_model_name',
  'has_implant',
  'days_to_last_follow_up',
  'pixel_values_offset',
  'pixel_values_bytes',
  'episode_status',
];

const box: Unit = {
  name: 'box',
  tables: image.tables,
  key: [CLIENT, STUDY, IMAGE, 'mark_id'],
  sql: () =>
    withSplits(`SELECT boxes.*, ${OF_THE_IMAGE.map((name) => `image.${name}`).join(', ')},
  breast_days_to_cancer AS days_to_cancer, breast_cancer_mode AS cancer_mode
FROM boxes LEFT JOIN image_summary AS image USING (client_id, study_instance_uid, sop_instance_uid)`),
  images: `SELECT client_id, study_instance_uid, sop_instance_uid, mark_id, breast AS side FROM boxes`,
  slots: [],
};

export const UNIT_OF: Readonly<Record<UnitName, Unit>> = { exam, breast, image, box };
