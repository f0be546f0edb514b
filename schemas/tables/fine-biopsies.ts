import { table } from '../column.js';
import { field } from '../nbss/column.js';
import { clientId, episodeId, extra, lesionKey, lesionNumber, lesionParents, side } from '../nbss/keys.js';
import { coverageColumns, opinionColumns, rankColumns } from '../nbss/opinions.js';

const TABLES = ['FnaProcedure'];

export const fineBiopsies = table('fine_biopsies', {
  description: 'Lesions sampled by fine needle aspiration, with the cytology report (cells, not tissue).',
  key: lesionKey,
  parents: lesionParents,
  columns: [
    clientId,
    episodeId,
    side,
    lesionNumber,
    field(TABLES, 'DatePerformed', 'Day the sample was taken.'),
    field(TABLES, 'TimePerformed', 'Time of day the sample was taken, as recorded.'),
    ...opinionColumns(TABLES, 'BIOPSYFINE', 'Opinion from cytology: C1 unsatisfactory to C5 malignant.'),
    field(
      TABLES,
      'SpecimenType',
      'What was sampled: cyst, solid lesion, lymph node, nipple discharge or scrape.',
    ),
    field(TABLES, 'LocalisationType', 'How the needle was guided: ultrasound, stereotactic, palpation, ….'),
    field(TABLES, 'DateReported', 'Day the laboratory reported on the sample.'),
    field(TABLES, 'PathologistComments', 'Comments of the pathologist, in his or her own words.', {
      freeText: true,
    }),
    field(
      TABLES,
      'ClinicianComment',
      'Comment of the clinician who took the sample, in his or her own words.',
      {
        freeText: true,
      },
    ),
    ...coverageColumns(TABLES),
    ...rankColumns(TABLES),
    extra,
  ],
});
