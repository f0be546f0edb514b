import { table } from '../column.js';
import { field, jsonField } from '../nbss/column.js';
import { imagingColumns } from '../nbss/imaging.js';
import { clientId, episodeId, extra, lesionKey, lesionNumber, lesionParents, side } from '../nbss/keys.js';
import { axillaColumns, coverageColumns, opinionColumns, rankColumns } from '../nbss/opinions.js';

const REVIEW = 'IntervalCancerScrFilmReview';
const SYMPTOMATIC = 'IntervalCancerSymptomatic';
const TABLES = [SYMPTOMATIC, REVIEW];

export const intervalCancers = table('interval_cancers', {
  description:
    'Lesions of cancers found between screens: the symptomatic imaging, and what a review saw on the screen before.',
  key: lesionKey,
  parents: lesionParents,
  columns: [
    clientId,
    episodeId,
    side,
    lesionNumber,
    jsonField(
      'INTERVALCANCER.<side>.<lesion>',
      'DatePerformed',
      'date',
      'Day of the imaging or review of the cancer found between screens, as OMI-DB gives it.',
    ),
    ...opinionColumns(TABLES, 'INTERVALCANCER', 'Opinion on the lesion from the symptomatic imaging.'),
    ...imagingColumns(TABLES),
    field(REVIEW, 'BreastDensity', 'Density of the breast on the reviewed screen: fatty, mixed or dense.'),
    field(REVIEW, 'ClinicalSymptoms', 'Whether symptoms were recorded at the reviewed screen.'),
    field(REVIEW, 'DateReviewed', 'Day the earlier screen was reviewed.'),
    field(REVIEW, 'PreviousAssessment', 'Whether the client had been assessed after the reviewed screen.'),
    field(
      REVIEW,
      'WouldYouHaveRecalled',
      'Whether the reviewer would have recalled the client from that screen.',
    ),
    ...axillaColumns(TABLES),
    ...coverageColumns(TABLES),
    ...rankColumns(TABLES),
    extra,
  ],
});
