import type { SnapshotTables } from '../snapshot-tables.js';

/** What figures ask: a row for each image, with the few things that images, exams and women are counted by. */
export const FACTS = 'report_facts';

/** What people are shown for a value that is not there. */
export const NONE = '(none)';

/** Values of a name beyond the most frequent ones. */
export const OTHERS = '(others)';

/** Names that figures tell apart, at most; a database has a handful of sites and makers. */
export const MOST_SITES = 80;
export const MOST_MAKERS = 8;

/**
 * Makes it. Some twenty queries ask it: read once, it takes a fifth of their time, and 130 bytes an image, which DuckDB moves to
 * the disk where that is more than it may take. Columns that the snapshot has not are null: figures that need them
 * say so.
 */
export async function makeFacts(tables: SnapshotTables): Promise<void> {
  const column = (...names: string[]) => tables.column('image_summary', ...names) ?? 'NULL';
  await tables.rows(`CREATE TABLE facts_as_they_are AS SELECT
      -- 128 bits in place of long texts: women and exams are counted by them.
      md5_number(client_id) AS woman,
      md5_number(client_id || '/' || study_instance_uid) AS exam,
      ${column('episode_outcome')}::VARCHAR AS outcome,
      ${column('breast_label_strict', 'breast_label')}::VARCHAR AS label,
      ${column('breast')}::VARCHAR AS breast,
      ${column('patient_age_years')}::INTEGER AS age,
      ${column('manufacturer_name', 'manufacturer')}::VARCHAR AS maker,
      ${column('site')}::VARCHAR AS site,
      ${column('study_date')}::DATE AS study_date,
      ${column('body_part_thickness')}::DOUBLE AS thickness,
      ${column('breast_days_to_cancer')}::INTEGER AS days_to_cancer
    FROM image_summary`);
  const [site, maker] = await Promise.all([
    mostFrequent(tables, 'site', MOST_SITES),
    mostFrequent(tables, 'maker', MOST_MAKERS),
  ]);
  await tables.rows(`CREATE VIEW ${FACTS} AS SELECT * REPLACE (${site} AS site, ${maker} AS maker)
    FROM facts_as_they_are`);
}

/** An expression for a name in which the rare ones are one, when there are more than `most`. */
async function mostFrequent(tables: SnapshotTables, name: string, most: number): Promise<string> {
  const table = `top_${name}`;
  const value = `coalesce(${name}, '${NONE}')`;
  await tables.rows(`CREATE TABLE ${table} AS SELECT ${value} AS name FROM facts_as_they_are
    GROUP BY ALL ORDER BY count(*) DESC, name LIMIT ${most}`);
  return `CASE WHEN ${value} IN (SELECT name FROM ${table}) THEN ${value} ELSE '${OTHERS}' END`;
}
