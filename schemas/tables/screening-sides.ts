import { table } from '../column.js';
import { field, type NbssColumn } from '../nbss/column.js';
import { clientId, episodeId, episodeParents, eventNumber, extra, side } from '../nbss/keys.js';

const screen = (name: string, description: string, options: Parameters<typeof field>[3] = {}) =>
  field('ScreeningProcedure', name, description, options);

const taking = [
  screen('DateTaken', 'Day the images of this side were taken.'),
  screen('DateReported', 'Day the screen was reported.'),
  screen('AgeAtScreening', 'Age of the client at the screen.', { type: 'int', unit: 'years' }),
  screen('Reason', 'Why the images were taken: initial screen, technical recall or repeat, ….'),
  screen('EquipmentMakeModel', 'Maker and model of the X-ray equipment.'),
  screen('EquipmentUsed', 'Code that the screening office gives the X-ray equipment; no printed list.'),
  screen('EquipmentType', 'Type of the X-ray equipment, as recorded.'),
  screen('ViewsProcedures', 'Views taken of this side, e.g. O oblique, C cranio-caudal.'),
  screen('TotalExposures', 'Number of exposures made of this side, repeats included.', { type: 'int' }),
  screen('NumberOfRepeats', 'Number of exposures of this side that were repeated.', { type: 'int' }),
  screen('RepeatReason', 'Why exposures of this side were repeated.'),
  screen('Kv', 'Tube voltage of the exposures.'),
  screen('TotalMas', 'Tube loading of all exposures of this side; NBSS prints its unit as mA.'),
];

const result = [
  screen(
    'Opinion',
    'Opinion on this side after the screen was read (RN normal, RB benign, …, RM malignant).',
  ),
  screen('AnySignificantFindings', 'Whether this side shows anything significant.'),
  screen('FinalAction', 'What was decided for the client after all readings.'),
  screen(
    'FinalActionInterval',
    'Days until the client is to be recalled, where the action is an early recall.',
    {
      type: 'int',
    },
  ),
  screen('FinalActionSource', 'Whether the final action was set automatically, directly or on paper.'),
  screen('Finalised', 'Whether the result of the screen is final.'),
  screen('NoMoreReaders', 'Whether reading ended with the readers so far.'),
  screen('PendingPriors', 'Whether reading waits for earlier images.'),
  screen('ProcedureRequested', 'Whether a further procedure was asked for on this side.'),
  screen('FilmReaders', 'Codes of the people who read the images, first reader first (pseudonymous).'),
  screen(
    'FilmReaderOpinions',
    'Opinions of the readers on this side; kept as one text where it holds several, since NBSS states no separator.',
  ),
  screen('FilmRecommendedActions', 'Actions that the readers recommended, first reader first.'),
];

/** Opinion and recommendation of the reader in place `n` (1 to 5). */
function readerColumns(n: number): NbssColumn[] {
  return [
    screen(
      `FilmReader${n}Opinion`,
      `Opinion of reader ${n} on this side: normal, abnormal, technical recall, ….`,
    ),
    screen(`FilmReader${n}RecAction`, `Action that reader ${n} recommended.`),
    screen(`FilmReader${n}Interval`, `Days until recall that reader ${n} recommended.`, { type: 'int' }),
    screen(`FilmReader${n}ResultNumber`, `Number of the result that reader ${n} gave, as NBSS codes it.`),
  ];
}

const findings = [
  screen('Mass', 'Whether a mass was seen.'),
  screen('SiteOfMass', 'Part of the breast that the mass lies in.'),
  screen('SizeMm', 'Size of the finding on the mammogram.'),
  screen('Density', 'Density of the mass: high, intermediate, low (fat).'),
  screen('Margin', 'Margin of the mass, e.g. smooth, irregular, spiculated.'),
  screen('Halo', 'Halo around the mass: none, thin, or corona (malignant).'),
  screen('Focus', 'Whether there is one focus or several.'),
  screen('Microcalcification', 'Whether microcalcification was seen.'),
  screen('MicrocalcWithMass', 'Whether the microcalcification lies within a mass.'),
  screen('SiteOfMicrocalc', 'Part of the breast that the microcalcification lies in.'),
  screen('Appearance', 'Look of the calcifications, e.g. punctate, branching, ring.'),
  screen('Distribution', 'How the calcifications are spread: cluster, diffuse, segmental, ….'),
  screen('AsymmetricalDensity', 'Whether one breast is denser in places than the other.'),
  screen('StromalDeformity', 'Whether the tissue between the glands is distorted.'),
  screen('PathologicalNodes', 'Whether lymph nodes look diseased.'),
  screen('SkinChanges', 'Whether the skin looks changed.'),
  screen('LesionDescription', 'What the finding is, e.g. mass, calcification, distortion.', {
    codes: 'LESDES',
  }),
  screen('LesionDescriptionCode', 'What the finding is, where the file gives the code apart from its text.'),
  screen('LesionPosition', 'Part of the breast that the finding lies in.'),
];

const toAssess = [
  screen('AssessForDistortion', 'Whether the side is to be assessed for distortion.'),
  screen('AssessForAsymmetricDensity', 'Whether the side is to be assessed for uneven density.'),
  screen('AssessForClinicalAbnormality', 'Whether the side is to be assessed for a clinical sign.'),
  screen('AssessForLymphNodeAbnormality', 'Whether the side is to be assessed for a lymph node.'),
  screen('AssessForMassIllDefined', 'Whether the side is to be assessed for an ill-defined mass.'),
  screen('AssessForMassWellDefined', 'Whether the side is to be assessed for a well-defined mass.'),
  screen('AssessForMicrocalcifications', 'Whether the side is to be assessed for microcalcification.'),
  screen('LesionAssessmentNotes', 'Notes for the assessment in the words of the reader.', { freeText: true }),
  screen('AssessmentComment', 'Comment for the assessment in the words of the reader.', { freeText: true }),
  screen('Comment', 'Comment on the screen in the words of the staff.', { freeText: true }),
  screen('ResultComments', 'Comments on the result in the words of the reader.', { freeText: true }),
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
    ...[1, 2, 3, 4, 5].flatMap(readerColumns),
    extra,
  ],
});
