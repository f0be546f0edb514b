import { column, table } from '../column.js';

const SURGERIES = 'derived from surgeries.date_performed, events of surgery, study_date';

/** What is known of the history of a breast on the day of a study: a group of columns. */
export const breastAtStudy = table('breast_at_study', {
  description: 'Group of columns: one breast over all episodes of the woman, seen from the day of a study.',
  key: [],
  columns: [
    column('breast_first_cancer_date', 'date', {
      description:
        'Day of the first recorded cancer of this breast, over all her episodes; null: no cancer of this breast is recorded, or none with a date.',
      source: 'breasts.first_cancer_date',
    }),
    column('breast_cancer_mode', 'string', {
      description:
        'How that cancer came to light: screen (at a screen), interval (between screens), other; null without a cancer.',
      source: 'breasts.cancer_mode',
      codes: 'omidb-etl:cancer_mode',
    }),
    column('breast_days_to_cancer', 'int', {
      description:
        'breast_first_cancer_date - study_date: 0 on that day, below 0 after it. Null: no cancer of this breast with a date is recorded, which is no proof of health: see days_to_last_follow_up.',
      source: 'derived from breasts.first_cancer_date, study_date',
      unit: 'days',
    }),
    column('breast_is_post_op', 'bool', {
      description:
        'True when this breast was operated on before the study; null where a surgery that may be of it has no date, or does not tell its breast. Unlike episode_is_post_op it looks at this breast and at days.',
      source: SURGERIES,
    }),
    column('breast_days_since_surgery', 'int', {
      description:
        'Days since the last operation on this breast before the study; null without one, or where one has no date.',
      source: SURGERIES,
      unit: 'days',
    }),
    column('breast_is_post_biopsy', 'bool', {
      description:
        'True when this breast had a wide or fine biopsy before the study; null where a biopsy that may be of it has no date, or does not tell its breast.',
      source: 'derived from wide_biopsies, fine_biopsies, events, study_date',
    }),
  ],
});
