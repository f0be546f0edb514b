import { table } from '../column.js';
import { fieldsOf } from '../nbss/column.js';
import { clientId, episodeId, episodeParents, eventNumber, extra, side } from '../nbss/keys.js';

const screen = fieldsOf('ScreeningProcedure');

const taking = [
  screen('DateTaken', 'date', 'Day the images of this side were taken.'),
  screen('DateReported', 'date', 'Day the screen was reported.'),
  screen('AgeAtScreening', 'number', 'Age of the client at the screen.', { type: 'int', unit: 'years' }),
  screen('Reason', 'code', 'Why the images were taken: initial screen, technical recall or repeat, ….'),
  screen('EquipmentMakeModel', 'text', 'Maker and model of the X-ray equipment.'),
  screen(
    'EquipmentUsed',
    'code',
    'Code that the screening office gives the X-ray equipment; no printed list.',
  ),
  screen('EquipmentType', 'text', 'Type of the X-ray equipment, as recorded.'),
  screen('ViewsProcedures', 'code_list', 'Views taken of this side, e.g. O oblique, C cranio-caudal.'),
  screen('TotalExposures', 'number', 'Number of exposures made of this side, repeats included.', {
    type: 'int',
  }),
  screen('NumberOfRepeats', 'number', 'Number of exposures of this side that were repeated.', {
    type: 'int',
  }),
  screen('RepeatReason', 'code', 'Why exposures of this side were repeated.'),
  screen('Kv', 'number', 'Tube voltage of the exposures.'),
  screen('TotalMas', 'number', 'Tube loading of all exposures of this side; NBSS prints its unit as mA.'),
];

const result = [
  screen(
    'Opinion',
    'code',
    'Opinion on this side after the screen was read (RN normal, RB benign, …, RM malignant).',
  ),
  screen('AnySignificantFindings', 'yes_no', 'Whether this side shows anything significant.'),
  screen('FinalAction', 'code', 'What was decided for the client after all readings.'),
  screen(
    'FinalActionInterval',
    'number',
    'Days until the client is to be recalled, where the action is an early recall.',
    {
      type: 'int',
    },
  ),
  screen(
    'FinalActionSource',
    'code',
    'Whether the final action was set automatically, directly or on paper.',
  ),
  screen('Finalised', 'yes_no', 'Whether the result of the screen is final.'),
  screen('NoMoreReaders', 'yes_no', 'Whether reading ended with the readers so far.'),
  screen('PendingPriors', 'yes_no', 'Whether reading waits for earlier images.'),
  screen('ProcedureRequested', 'yes_no', 'Whether a further procedure was asked for on this side.'),
  screen(
    'FilmReaders',
    'code_list',
    'Codes of the people who read the images, first reader first (pseudonymous).',
  ),
  screen(
    'FilmReaderOpinions',
    'code_list',
    'Opinions of the readers on this side; kept as one text where it holds several, since NBSS states no separator.',
  ),
  screen('FilmRecommendedActions', 'code_list', 'Actions that the readers recommended, first reader first.'),
];

/** Opinion and recommendation of the reader in place `n` (1 to 5). */
function readerColumns(n: 1 | 2 | 3 | 4 | 5) {
  return [
    screen(
      `FilmReader${n}Opinion`,
      'code',
      `Opinion of reader ${n} on this side: normal, abnormal, technical recall, ….`,
    ),
    screen(`FilmReader${n}RecAction`, 'code', `Action that reader ${n} recommended.`),
    screen(`FilmReader${n}Interval`, 'number', `Days until recall that reader ${n} recommended.`, {
      type: 'int',
    }),
    screen(
      `FilmReader${n}ResultNumber`,
      'text',
      `Number of the result that reader ${n} gave, as NBSS codes it.`,
    ),
  ];
}

const findings = [
  screen('Mass', 'code', 'Whether a mass was seen.'),
  screen('SiteOfMass', 'code', 'Part of the breast that the mass lies in.'),
  screen('SizeMm', 'number', 'Size of the finding on the mammogram.'),
  screen('Density', 'code', 'Density of the mass: high, intermediate, low (fat).'),
  screen('Margin', 'code_list', 'Margin of the mass, e.g. smooth, irregular, spiculated.'),
  screen('Halo', 'code', 'Halo around the mass: none, thin, or corona (malignant).'),
  screen('Focus', 'code', 'Whether there is one focus or several.'),
  screen('Microcalcification', 'code', 'Whether microcalcification was seen.'),
  screen('MicrocalcWithMass', 'yes_no', 'Whether the microcalcification lies within a mass.'),
  screen('SiteOfMicrocalc', 'code', 'Part of the breast that the microcalcification lies in.'),
  screen('Appearance', 'code_list', 'Look of the calcifications, e.g. punctate, branching, ring.'),
  screen('Distribution', 'code', 'How the calcifications are spread: cluster, diffuse, segmental, ….'),
  screen('AsymmetricalDensity', 'code', 'Whether one breast is denser in places than the other.'),
  screen('StromalDeformity', 'code', 'Whether the tissue between the glands is distorted.'),
  screen('PathologicalNodes', 'yes_no', 'Whether lymph nodes look diseased.'),
  screen('SkinChanges', 'yes_no', 'Whether the skin looks changed.'),
  screen('LesionDescription', 'code', 'What the finding is, e.g. mass, calcification, distortion.', {
    codes: 'LESDES',
  }),
  screen(
    'LesionDescriptionCode',
    'code',
    'What the finding is, where the file gives the code apart from its text.',
  ),
  screen('LesionPosition', 'code', 'Part of the breast that the finding lies in.'),
];

const toAssess = [
  screen('AssessForDistortion', 'yes_no', 'Whether the side is to be assessed for distortion.'),
  screen('AssessForAsymmetricDensity', 'yes_no', 'Whether the side is to be assessed for uneven density.'),
  screen('AssessForClinicalAbnormality', 'yes_no', 'Whether the side is to be assessed for a clinical sign.'),
  screen('AssessForLymphNodeAbnormality', 'yes_no', 'Whether the side is to be assessed for a lymph node.'),
  screen('AssessForMassIllDefined', 'yes_no', 'Whether the side is to be assessed for an ill-defined mass.'),
  screen('AssessForMassWellDefined', 'yes_no', 'Whether the side is to be assessed for a well-defined mass.'),
  screen(
    'AssessForMicrocalcifications',
    'yes_no',
    'Whether the side is to be assessed for microcalcification.',
  ),
  screen('LesionAssessmentNotes', 'text', 'Notes for the assessment in the words of the reader.', {
    freeText: true,
  }),
  screen('AssessmentComment', 'text', 'Comment for the assessment in the words of the reader.', {
    freeText: true,
  }),
  screen('Comment', 'text', 'Comment on the screen in the words of the staff.', { freeText: true }),
  screen('ResultComments', 'text', 'Comments on the result in the words of the reader.', { freeText: true }),
];

export const screeningSides = table('screening_sides', {
  description: 'Sides of a screen: how the images were taken and what the readers saw.',
  key: ['client_id', 'episode_id', 'event_number', 'side'],
  parents: episodeParents,
  columns: [
    clientId,
    episodeId,
    eventNumber,
    side,
    ...taking,
    ...result,
    ...findings,
    ...toAssess,
    ...([1, 2, 3, 4, 5] as const).flatMap(readerColumns),
    extra,
  ],
});
