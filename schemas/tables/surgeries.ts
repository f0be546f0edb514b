import { table } from '../column.js';
import { field } from '../nbss/column.js';
import { clientId, episodeId, extra, lesionKey, lesionNumber, lesionParents, side } from '../nbss/keys.js';
import { coverageColumns, opinionColumns, rankColumns } from '../nbss/opinions.js';
import { malignancyColumns, receptorColumns, reportColumns, specimenColumns } from '../nbss/pathology.js';

const TABLES = ['SurgeryProcedure'];
const surgery = (name: string, description: string, options: Parameters<typeof field>[3] = {}) =>
  field(TABLES, name, description, options);

const operation = [
  surgery('DatePerformed', 'Day of the operation.'),
  surgery('Event', 'Whether the operation was for diagnosis (ASS) or treatment (PTR).'),
  ...opinionColumns(
    TABLES,
    'SURGERY',
    'Opinion from histology after surgery: H1 normal, H2 benign, H5 malignant.',
  ),
  surgery('DiagnosticProcedure', 'Main operation for diagnosis: excision biopsy, palpable or impalpable.'),
  surgery(
    'AdditionalDiagnosticProcs',
    'Further procedures at diagnostic surgery, e.g. guidance, frozen section.',
  ),
  surgery('TreatmentProcedure', 'Main operation for treatment, e.g. wide local excision, mastectomy.'),
  surgery(
    'AdditionalTreatmentProcs',
    'Further procedures at surgical treatment, e.g. guidance, specimen X-ray.',
  ),
  surgery('TherapeuticProcedures', 'Procedures on lymph nodes at surgery, e.g. sentinel node biopsy.'),
  surgery('ReconstructiveProcedure', 'How the breast was rebuilt; NO: it was not.'),
  surgery('AppliesToAllLesions', 'Whether the operation covers all lesions of the side.'),
  surgery('CancerOnKC62', 'Whether the cancer counts in the KC62 return (national screening statistics).'),
];

const margins = [
  surgery('DiseaseExtent', 'Whether the disease is localised or multiple.'),
  surgery('ExcisionMargins', 'Whether the cancer reaches the edge of the removed tissue.'),
  surgery(
    'ExcisionMarginDistance',
    'Distance from the cancer to the nearest edge; NBSS does not state the unit.',
  ),
];

const nodes = [
  surgery(
    'AxillarySpecimenTypes',
    'How lymph nodes of the axilla were taken: sentinel biopsy, sample, clearance.',
  ),
  surgery(
    'AxillaryNodesPresent',
    'Whether lymph nodes of the axilla are present in the specimen; OMI-DB files spell the field AxillaryNodesPositive.',
  ),
  surgery('AxillaryNodesTotalNumber', 'Number of lymph nodes of the axilla that were examined.', {
    type: 'int',
  }),
  surgery('AxillaryNodesNumberPositive', 'Number of lymph nodes of the axilla with cancer.', { type: 'int' }),
  surgery(
    'AxillaryMetsType',
    'Size class of the cancer in the nodes: metastasis, micrometastasis, isolated cells.',
  ),
  surgery('OtherNodesPresent', 'Whether the specimen holds lymph nodes from elsewhere.'),
  surgery('OtherNodesTotalNumber', 'Number of other lymph nodes that were examined.', { type: 'int' }),
  surgery('OtherNodesNumberPositive', 'Number of other lymph nodes with cancer.', { type: 'int' }),
  surgery('SiteOfOtherNodes', 'Where the other lymph nodes are from, in words.', { freeText: true }),
];

const treatment = [
  surgery(
    'NonsurgicalTreatments',
    'Treatments before or after the operation, e.g. radiotherapy, chemotherapy.',
  ),
  surgery('Chemotherapy', 'Whether chemotherapy was given.'),
  surgery('HormoneTherapy', 'Whether hormone therapy was given.'),
  surgery('RadiotherapyDateStarted', 'Day radiotherapy began.'),
  surgery('EnteredIntoNationalTrial', 'Whether the client was entered into a national trial of treatment.'),
  surgery('LocalTrialCode', 'Code of the local trial of treatment; NBSS prints no list for it.'),
  surgery('NationalTrial', 'Code of the national trial of treatment; NBSS prints no list for it.'),
  surgery('ProcedureComment', 'Comment on the operation in the words of the staff.', { freeText: true }),
];

export const surgeries = table('surgeries', {
  description: 'Lesions operated on, for diagnosis or treatment, with the pathology report.',
  key: lesionKey,
  parents: lesionParents,
  columns: [
    clientId,
    episodeId,
    side,
    lesionNumber,
    ...operation,
    ...malignancyColumns(TABLES),
    ...receptorColumns(TABLES),
    ...reportColumns(TABLES),
    ...specimenColumns(TABLES),
    ...margins,
    ...nodes,
    ...treatment,
    ...coverageColumns(TABLES),
    ...rankColumns(TABLES),
    extra,
  ],
});
