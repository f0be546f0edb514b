import { fieldsOf, jsonField } from '../nbss/column.js';
import { imagingColumns } from '../nbss/imaging.js';
import { lesionTable } from '../nbss/lesion-table.js';
import { axillaColumns, opinionColumns } from '../nbss/opinions.js';

const REVIEW = 'IntervalCancerScrFilmReview';
const SYMPTOMATIC = 'IntervalCancerSymptomatic';
const TABLES = [SYMPTOMATIC, REVIEW];
const review = fieldsOf(REVIEW);

export const intervalCancers = lesionTable('interval_cancers', {
  description:
    'Lesions of cancers found between screens: the symptomatic imaging, and what a review saw on the screen before.',
  tables: TABLES,
  columns: [
    jsonField(
      'INTERVALCANCER.<side>.<lesion>',
      'DatePerformed',
      'date',
      'Day of the imaging or review of the cancer found between screens, as OMI-DB gives it.',
    ),
    ...opinionColumns(TABLES, 'INTERVALCANCER', 'Opinion on the lesion from the symptomatic imaging.'),
    ...imagingColumns(TABLES),
    review('BreastDensity', 'code', 'Density of the breast on the reviewed screen: fatty, mixed or dense.'),
    review('ClinicalSymptoms', 'code', 'Whether symptoms were recorded at the reviewed screen.'),
    review('DateReviewed', 'date', 'Day the earlier screen was reviewed.'),
    review('PreviousAssessment', 'yes_no', 'Whether the client had been assessed after the reviewed screen.'),
    review(
      'WouldYouHaveRecalled',
      'yes_no',
      'Whether the reviewer would have recalled the client from that screen.',
    ),
    ...axillaColumns(TABLES),
  ],
});
