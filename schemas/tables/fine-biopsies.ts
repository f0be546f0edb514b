import { field } from '../nbss/column.js';
import { lesionTable } from '../nbss/lesion-table.js';
import { opinionColumns } from '../nbss/opinions.js';

const TABLES = ['FnaProcedure'];

export const fineBiopsies = lesionTable('fine_biopsies', {
  description: 'Lesions sampled by fine needle aspiration, with the cytology report (cells, not tissue).',
  tables: TABLES,
  columns: [
    field(TABLES, 'DatePerformed', 'date', 'Day the sample was taken.'),
    field(TABLES, 'TimePerformed', 'time', 'Time of day the sample was taken, as recorded.'),
    ...opinionColumns(TABLES, 'BIOPSYFINE', 'Opinion from cytology: C1 unsatisfactory to C5 malignant.'),
    field(
      TABLES,
      'SpecimenType',
      'code',
      'What was sampled: cyst, solid lesion, lymph node, nipple discharge or scrape.',
    ),
    field(
      TABLES,
      'LocalisationType',
      'code',
      'How the needle was guided: ultrasound, stereotactic, palpation, ….',
    ),
    field(TABLES, 'DateReported', 'date', 'Day the laboratory reported on the sample.'),
    field(TABLES, 'PathologistComments', 'text', 'Comments of the pathologist, in his or her own words.', {
      freeText: true,
    }),
    field(
      TABLES,
      'ClinicianComment',
      'text',
      'Comment of the clinician who took the sample, in his or her own words.',
      {
        freeText: true,
      },
    ),
  ],
});
