import { table } from '../column.js';
import { field } from '../nbss/column.js';
import { imagingColumns } from '../nbss/imaging.js';
import { clientId, episodeId, extra, lesionKey, lesionNumber, lesionParents, side } from '../nbss/keys.js';
import { axillaColumns, coverageColumns, opinionColumns, rankColumns } from '../nbss/opinions.js';

const TABLES = ['ImagingProcedure'];

export const assessments = table('assessments', {
  description:
    'Lesions looked at by further imaging (mammography, ultrasound) after the client was recalled from screening.',
  key: lesionKey,
  parents: lesionParents,
  columns: [
    clientId,
    episodeId,
    side,
    lesionNumber,
    field(TABLES, 'DatePerformed', 'Day of the assessment imaging.'),
    ...opinionColumns(
      TABLES,
      'ASSESSMENT',
      'Opinion on the lesion from all imaging together (I1 normal to I5 malignant).',
    ),
    ...imagingColumns(TABLES),
    field(TABLES, 'MammoAdditionalViews', 'Whether further mammographic views were taken.'),
    ...axillaColumns(TABLES),
    ...coverageColumns(TABLES),
    ...rankColumns(TABLES),
    extra,
  ],
});
