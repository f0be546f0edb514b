import { field } from '../nbss/column.js';
import { lesionTable } from '../nbss/lesion-table.js';
import { axillaColumns, opinionColumns } from '../nbss/opinions.js';

const TABLES = ['ClinicalExamProcedure'];

export const clinicalExams = lesionTable('clinical_exams', {
  description: 'Lesions examined by a clinician (by sight and touch) after the client was recalled.',
  tables: TABLES,
  columns: [
    field(TABLES, 'DatePerformed', 'date', 'Day of the clinical examination.'),
    ...opinionColumns(
      TABLES,
      'CLINICAL',
      'Opinion on the lesion from the examination (P1 normal to P5 malignant).',
    ),
    field(TABLES, 'DiscreteMass', 'yes_no', 'Whether a distinct lump was felt.'),
    field(TABLES, 'Nodularity', 'yes_no', 'Whether the breast felt nodular.'),
    field(TABLES, 'SizeMm', 'number', 'Size of the lesion as felt.'),
    field(TABLES, 'NippleChanges', 'yes_no', 'Whether the nipple had changed, e.g. was drawn in.'),
    field(TABLES, 'NippleDischarge', 'code', 'Discharge from the nipple: none, bloodstained or other.'),
    field(TABLES, 'SkinChanges', 'yes_no', 'Whether the skin had changed, e.g. was dimpled.'),
    field(TABLES, 'PossibleLymphNode', 'yes_no', 'Whether the lesion may be a lymph node.'),
    ...axillaColumns(TABLES),
  ],
});
