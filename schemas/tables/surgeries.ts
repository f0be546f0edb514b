import { fieldsOf } from '../nbss/column.js';
import { lesionTable } from '../nbss/lesion-table.js';
import { opinionColumns } from '../nbss/opinions.js';
import { malignancyColumns, receptorColumns, reportColumns, specimenColumns } from '../nbss/pathology.js';

const TABLES = ['SurgeryProcedure'];
const surgery = fieldsOf(...TABLES);

const operation = [
  surgery('DatePerformed', 'date', 'Day of the operation.'),
  surgery('Event', 'code', 'Whether the operation was for diagnosis (ASS) or treatment (PTR).'),
  ...opinionColumns(
    TABLES,
    'SURGERY',
    'Opinion from histology after surgery: H1 normal, H2 benign, H5 malignant.',
  ),
  surgery(
    'DiagnosticProcedure',
    'code',
    'Main operation for diagnosis: excision biopsy, palpable or impalpable.',
  ),
  surgery(
    'AdditionalDiagnosticProcs',
    'code_list',
    'Further procedures at diagnostic surgery, e.g. guidance, frozen section.',
  ),
  surgery(
    'TreatmentProcedure',
    'code',
    'Main operation for treatment, e.g. wide local excision, mastectomy.',
  ),
  surgery(
    'AdditionalTreatmentProcs',
    'code_list',
    'Further procedures at surgical treatment, e.g. guidance, specimen X-ray.',
  ),
  surgery(
    'TherapeuticProcedures',
    'code_list',
    'Procedures on lymph nodes at surgery, e.g. sentinel node biopsy.',
  ),
  surgery('ReconstructiveProcedure', 'code', 'How the breast was rebuilt; NO: it was not.'),
  surgery('AppliesToAllLesions', 'yes_no', 'Whether the operation covers all lesions of the side.'),
  surgery(
    'CancerOnKC62',
    'yes_no',
    'Whether the cancer counts in the KC62 return (national screening statistics).',
  ),
];

const margins = [
  surgery('DiseaseExtent', 'code_list', 'Whether the disease is localised or multiple.'),
  surgery('ExcisionMargins', 'code', 'Whether the cancer reaches the edge of the removed tissue.'),
  surgery(
    'ExcisionMarginDistance',
    'number',
    'Distance from the cancer to the nearest edge; NBSS does not state the unit.',
  ),
];

const nodes = [
  surgery(
    'AxillarySpecimenTypes',
    'code_list',
    'How lymph nodes of the axilla were taken: sentinel biopsy, sample, clearance.',
  ),
  surgery(
    'AxillaryNodesPresent',
    'yes_no',
    'Whether lymph nodes of the axilla are present in the specimen; OMI-DB files spell the field AxillaryNodesPositive.',
  ),
  surgery('AxillaryNodesTotalNumber', 'number', 'Number of lymph nodes of the axilla that were examined.', {
    type: 'int',
  }),
  surgery('AxillaryNodesNumberPositive', 'number', 'Number of lymph nodes of the axilla with cancer.', {
    type: 'int',
  }),
  surgery(
    'AxillaryMetsType',
    'code',
    'Size class of the cancer in the nodes: metastasis, micrometastasis, isolated cells.',
  ),
  surgery('OtherNodesPresent', 'yes_no', 'Whether the specimen holds lymph nodes from elsewhere.'),
  surgery('OtherNodesTotalNumber', 'number', 'Number of other lymph nodes that were examined.', {
    type: 'int',
  }),
  surgery('OtherNodesNumberPositive', 'number', 'Number of other lymph nodes with cancer.', { type: 'int' }),
  surgery('SiteOfOtherNodes', 'text', 'Where the other lymph nodes are from, in words.', { freeText: true }),
];

const treatment = [
  surgery(
    'NonsurgicalTreatments',
    'code_list',
    'Treatments before or after the operation, e.g. radiotherapy, chemotherapy.',
  ),
  surgery('Chemotherapy', 'yes_no', 'Whether chemotherapy was given.'),
  surgery('HormoneTherapy', 'yes_no', 'Whether hormone therapy was given.'),
  surgery('RadiotherapyDateStarted', 'date', 'Day radiotherapy began.'),
  surgery(
    'EnteredIntoNationalTrial',
    'yes_no',
    'Whether the client was entered into a national trial of treatment.',
  ),
  surgery('LocalTrialCode', 'code', 'Code of the local trial of treatment; NBSS prints no list for it.'),
  surgery('NationalTrial', 'code', 'Code of the national trial of treatment; NBSS prints no list for it.'),
  surgery('ProcedureComment', 'text', 'Comment on the operation in the words of the staff.', {
    freeText: true,
  }),
];

export const surgeries = lesionTable('surgeries', {
  description: 'Lesions operated on, for diagnosis or treatment, with the pathology report.',
  tables: TABLES,
  columns: [
    ...operation,
    ...malignancyColumns(TABLES),
    ...receptorColumns(TABLES),
    ...reportColumns(TABLES),
    ...specimenColumns(TABLES),
    ...margins,
    ...nodes,
    ...treatment,
  ],
});
