import { table } from '../column.js';
import { field, jsonField } from '../nbss/column.js';
import { clientId, episodeId, extra, lesionKey, lesionNumber, lesionParents, side } from '../nbss/keys.js';
import { coverageColumns, opinionColumns, rankColumns } from '../nbss/opinions.js';
import { malignancyColumns, receptorColumns, reportColumns, specimenColumns } from '../nbss/pathology.js';

// VaeProcedure first: its list of benign lesions (BENL2) holds every code of WbnProcedure's (BENL).
const TABLES = ['VaeProcedure', 'WbnProcedure'];
const biopsy = (name: string, description: string, options: Parameters<typeof field>[3] = {}) =>
  field(TABLES, name, description, options);

export const wideBiopsies = table('wide_biopsies', {
  description:
    'Lesions sampled by wide bore needle (core) or vacuum-assisted biopsy or excision, with the pathology report.',
  key: lesionKey,
  parents: lesionParents,
  columns: [
    clientId,
    episodeId,
    side,
    lesionNumber,
    biopsy('DatePerformed', 'Day the biopsy was taken.'),
    biopsy('TimePerformed', 'Time of day the biopsy was taken, as recorded.'),
    ...opinionColumns(
      TABLES,
      'BIOPSYWIDE',
      'Opinion from the biopsy: B1 unsatisfactory or normal to B5 malignant (E for vacuum excision).',
    ),
    biopsy(
      'NeedleSpecimenType',
      'How the tissue was taken: core biopsy, vacuum diagnostic, vacuum excision, ….',
    ),
    jsonField(
      'BIOPSYWIDE.<side>.<lesion>',
      'SpecimenType',
      'code',
      'Type of the specimen, as OMI-DB gives it for wide biopsies; NBSS prints no list for it.',
    ),
    biopsy('NumberOfCores', 'Number of tissue cores taken.', { type: 'int' }),
    biopsy('LocalisationType', 'How the needle was guided: ultrasound, stereotactic, palpation, ….'),
    biopsy('LocalisationMarkerUsed', 'Whether a marker was used to localise the lesion.'),
    biopsy('CalcificationOnSpecimen', 'Whether an X-ray of the specimen shows calcification.'),
    biopsy('PossibleLymphNode', 'Whether the sampled lesion may be a lymph node.'),
    biopsy('MalignancyType', 'Whether the cancer is in situ (a), invasive (b) or could not be assessed (c).'),
    ...malignancyColumns(TABLES),
    ...receptorColumns(TABLES),
    ...reportColumns(TABLES),
    biopsy('EpithelialAtypia', 'Whether the epithelium shows atypia.'),
    biopsy('UncertainLesions', 'Findings of uncertain malignant potential (B3), e.g. radial scar.'),
    biopsy('UncertainLesionsOther', 'Finding of uncertain potential in words, where it is another.', {
      freeText: true,
    }),
    ...specimenColumns(['VaeProcedure']),
    biopsy('ClinicianComment', 'Comment of the clinician who took the biopsy, in his or her own words.', {
      freeText: true,
    }),
    ...coverageColumns(TABLES),
    ...rankColumns(TABLES),
    extra,
  ],
});
