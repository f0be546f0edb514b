import { field } from '../nbss/column.js';
import { imagingColumns } from '../nbss/imaging.js';
import { lesionTable } from '../nbss/lesion-table.js';
import { axillaColumns, opinionColumns } from '../nbss/opinions.js';

const TABLES = ['ImagingProcedure'];

export const assessments = lesionTable('assessments', {
  description:
    'Lesions looked at by further imaging (mammography, ultrasound) after the client was recalled from screening.',
  tables: TABLES,
  columns: [
    field(TABLES, 'DatePerformed', 'date', 'Day of the assessment imaging.'),
    ...opinionColumns(
      TABLES,
      'ASSESSMENT',
      'Opinion on the lesion from all imaging together (I1 normal to I5 malignant).',
    ),
    ...imagingColumns(TABLES),
    field(TABLES, 'MammoAdditionalViews', 'yes_no', 'Whether further mammographic views were taken.'),
    ...axillaColumns(TABLES),
  ],
});
