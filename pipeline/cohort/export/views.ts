/** The four images of an exam, FOR PRESENTATION, in the order in which lists have them. */
export const FOUR_VIEWS = [
  { slot: 'l_cc_presentation', side: 'L', view: 'CC' },
  { slot: 'l_mlo_presentation', side: 'L', view: 'MLO' },
  { slot: 'r_cc_presentation', side: 'R', view: 'CC' },
  { slot: 'r_mlo_presentation', side: 'R', view: 'MLO' },
] as const;

/** Rows of a cohort of exams with all that is known of them; both tables name some columns, so each is named with its table. */
export const WITH_UNITS = 'cohort JOIN units USING (client_id, study_instance_uid)';

/** SQL: true of an exam that has not all four. */
export function lacksAView(table: string): string {
  return FOUR_VIEWS.map(({ slot }) => `${table}.${slot} IS NULL`).join(' OR ');
}
