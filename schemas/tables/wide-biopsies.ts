import { fieldsOf, jsonField } from '../nbss/column.js';
import { lesionTable } from '../nbss/lesion-table.js';
import { opinionColumns } from '../nbss/opinions.js';
import { malignancyColumns, receptorColumns, reportColumns, specimenColumns } from '../nbss/pathology.js';

// VaeProcedure first: its list of benign lesions (BENL2) holds every code of WbnProcedure's (BENL).
const TABLES = ['VaeProcedure', 'WbnProcedure'];
const biopsy = fieldsOf(...TABLES);

export const wideBiopsies = lesionTable('wide_biopsies', {
  description:
    'Lesions sampled by wide bore needle (core) or vacuum-assisted biopsy or excision, with the pathology report.',
  tables: TABLES,
  columns: [
    biopsy('DatePerformed', 'date', 'Day the biopsy was taken.'),
    biopsy('TimePerformed', 'time', 'Time of day the biopsy was taken, as recorded.'),
    ...opinionColumns(
      TABLES,
      'BIOPSYWIDE',
      'Opinion from the biopsy: B1 unsatisfactory or normal to B5 malignant (E for vacuum excision).',
    ),
    biopsy(
      'NeedleSpecimenType',
      'code',
      'How the tissue was taken: core biopsy, vacuum diagnostic, vacuum excision, ….',
    ),
    jsonField(
      'BIOPSYWIDE.<side>.<lesion>',
      'SpecimenType',
      'code',
      'Type of the specimen, as OMI-DB gives it for wide biopsies; NBSS prints no list for it.',
    ),
    biopsy('NumberOfCores', 'number', 'Number of tissue cores taken.', { type: 'int' }),
    biopsy('LocalisationType', 'code', 'How the needle was guided: ultrasound, stereotactic, palpation, ….'),
    biopsy('LocalisationMarkerUsed', 'yes_no', 'Whether a marker was used to localise the lesion.'),
    biopsy('CalcificationOnSpecimen', 'code', 'Whether an X-ray of the specimen shows calcification.'),
    biopsy('PossibleLymphNode', 'yes_no', 'Whether the sampled lesion may be a lymph node.'),
    biopsy(
      'MalignancyType',
      'code',
      'Whether the cancer is in situ (a), invasive (b) or could not be assessed (c).',
    ),
    ...malignancyColumns(TABLES),
    ...receptorColumns(TABLES),
    ...reportColumns(TABLES),
    biopsy('EpithelialAtypia', 'code', 'Whether the epithelium shows atypia.'),
    biopsy(
      'UncertainLesions',
      'code_list',
      'Findings of uncertain malignant potential (B3), e.g. radial scar.',
    ),
    biopsy('UncertainLesionsOther', 'text', 'Finding of uncertain potential in words, where it is another.', {
      freeText: true,
    }),
    ...specimenColumns(['VaeProcedure']),
    biopsy(
      'ClinicianComment',
      'text',
      'Comment of the clinician who took the biopsy, in his or her own words.',
      {
        freeText: true,
      },
    ),
  ],
});
