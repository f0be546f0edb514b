import { table } from '../column.js';
import { field } from '../nbss/column.js';
import { clientId, episodeId, extra, lesionKey, lesionNumber, lesionParents, side } from '../nbss/keys.js';
import { axillaColumns, coverageColumns, opinionColumns, rankColumns } from '../nbss/opinions.js';

const TABLES = ['ClinicalExamProcedure'];

export const clinicalExams = table('clinical_exams', {
  description: 'Lesions examined by a clinician (by sight and touch) after the client was recalled.',
  key: lesionKey,
  parents: lesionParents,
  columns: [
    clientId,
    episodeId,
    side,
    lesionNumber,
    field(TABLES, 'DatePerformed', 'Day of the clinical examination.'),
    ...opinionColumns(
      TABLES,
      'CLINICAL',
      'Opinion on the lesion from the examination (P1 normal to P5 malignant).',
    ),
    field(TABLES, 'DiscreteMass', 'Whether a distinct lump was felt.'),
    field(TABLES, 'Nodularity', 'Whether the breast felt nodular.'),
    field(TABLES, 'SizeMm', 'Size of the lesion as felt.'),
    field(TABLES, 'NippleChanges', 'Whether the nipple had changed, e.g. was drawn in.'),
    field(TABLES, 'NippleDischarge', 'Discharge from the nipple: none, bloodstained or other.'),
    field(TABLES, 'SkinChanges', 'Whether the skin had changed, e.g. was dimpled.'),
    field(TABLES, 'PossibleLymphNode', 'Whether the lesion may be a lymph node.'),
    ...axillaColumns(TABLES),
    ...coverageColumns(TABLES),
    ...rankColumns(TABLES),
    extra,
  ],
});
