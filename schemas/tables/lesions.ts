import { required, table } from '../column.js';
import { fieldsOf } from '../nbss/column.js';
import { lesionMeaningColumns } from './meaning.js';
import { clientId, episodeId, episodeParents, extra, lesionNumber, side } from '../nbss/keys.js';

const lesion = fieldsOf('Lesion');

export const lesions = table('lesions', {
  description:
    'Lesions of an episode: each side and lesion number that the LESION block or any procedure of it names.',
  key: ['client_id', 'episode_id', 'side', 'lesion_number'],
  parents: episodeParents,
  columns: [
    clientId,
    episodeId,
    side,
    lesionNumber,
    required('in_lesion_block', 'bool', {
      description:
        'Whether the LESION block describes the lesion; false: only a procedure names it, and the columns below are null.',
      source: 'nbss LESION.<side>.<lesion>',
    }),
    required('seen_in', 'list<string>', {
      description:
        'Events of the episode that name the lesion (assessment, clinical, biopsy_wide, biopsy_fine, surgery, interval_cancer); empty: none.',
      source: 'nbss <block>.<side>.<lesion>',
    }),
    ...lesionMeaningColumns,
    lesion('LesionDescription', 'code', 'What the lesion is, e.g. mass, calcification, distortion, cyst.', {
      codes: 'LESDES',
    }),
    lesion(
      'LesionDescriptionCode',
      'code',
      'What the lesion is, where the file gives the code apart from its text.',
    ),
    lesion('LesionType', 'code', 'Tissue that the lesion lies in: breast, axillary or other lymph node.'),
    lesion(
      'LesionPosition',
      'code',
      'Cell of the NBSS position chart that the lesion lies in: side, column A to E, row 1 to 4, or the nipple (M).',
    ),
    lesion(
      'LesionDistanceFromNipple',
      'number',
      'Distance of the lesion from the nipple; NBSS does not state the unit.',
    ),
    lesion('SiteIndicator', 'code', 'Whether the lesion is at one site or several.'),
    lesion('LocalisationNeeded', 'yes_no', 'Whether the lesion must be marked or guided to before surgery.'),
    lesion(
      'LocalisationType',
      'code',
      'How the lesion is localised for surgery: skin marker, ultrasound, X-ray.',
    ),
    lesion('CystAspirated', 'yes_no', 'Whether the lesion is a cyst that was aspirated.'),
    lesion('CystAspiratedDate', 'date', 'Day the cyst was aspirated.'),
    lesion('LesionNotes', 'text', 'Notes on the lesion in the words of the staff.', { freeText: true }),
    extra,
  ],
});
