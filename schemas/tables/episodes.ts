import { episodeMeaning } from './meaning.js';
import { table } from '../column.js';
import { field, jsonField } from '../nbss/column.js';
import { clientId, episodeId, extra } from '../nbss/keys.js';

const episode = (name: string, description: string, options: Parameters<typeof field>[3] = {}) =>
  field('Episode', name, description, options);
const ownField = (
  name: string,
  kind: Parameters<typeof jsonField>[2],
  description: string,
  options: Parameters<typeof jsonField>[4] = {},
) => jsonField('<episode>', name, kind, description, options);
const weeks = { type: 'int', unit: 'weeks' } as const;

const course = [
  ownField(
    'EpisodeType',
    'code',
    'Why the episode exists: first call, routine recall, self referral, interval case (CI), …; CI marks a cancer found between screens.',
    { codes: 'EPC' },
  ),
  ownField('EpisodeAction', 'code', 'What was decided for the client at the end of the episode.', {
    codes: 'ACT',
  }),
  episode('EpisodeCharacter', 'Character of the episode in NBSS itself; the same codes as episode_type.'),
  episode('EpisodeIsClosed', 'Whether care in this episode has ended; an open one may still gain events.'),
  episode('EpisodeOpenedDate', 'Day the episode was opened, usually weeks before the screen (invitation).'),
  episode('EpisodeClosedDate', 'Day the episode was closed.'),
  ownField(
    'ActualEpisodeOpenedYear',
    'number',
    'Calendar year in which the episode was opened, as OMI-DB gives it apart from the date.',
    { type: 'int' },
  ),
  episode(
    'ReasonEpisodeClosed',
    'Why the episode ended: routine closure, moved away, died, not attended, ….',
  ),
  episode(
    'EpisodeAuthorityEndCode',
    'How the episode ended for the health authority: screened, did not attend, ….',
  ),
  episode('EpisodeEndPoint', 'Points of the pathway at which the episode ended, as NBSS derives them.'),
  episode('FinalActionInEpisode', 'Last action recorded in the episode, e.g. routine recall or surgery.'),
  ownField('PatientAge', 'number', 'Age of the client at the episode, as OMI-DB gives it.', {
    type: 'int',
    unit: 'years',
  }),
  episode('AgeAtFoa', 'Age of the client at the first appointment offered in the episode.', {
    type: 'int',
    unit: 'years',
  }),
  ownField('AccessionID', 'text', 'Accession number of the imaging request (pseudonymised).'),
  ownField(
    'StudyList',
    'code_list',
    'StudyInstanceUIDs of the imaging studies that the collection assigned to the episode.',
    { separator: ',' },
  ),
];

const status = [
  episode(
    'AgeExtension2009Status',
    'Whether the episode belongs to the randomised trial of extending the screening age (AgeX), and its arm.',
  ),
  episode('AttendedAppointment', 'Whether the client came to an appointment in the episode.'),
  episode('DirectToAssessment', 'Whether the client went straight to assessment without a screen.'),
  episode('HighRiskShortTermRecall', 'Whether a client at higher risk was called back early.'),
  episode('NationalIncidentStatus', 'Whether the client counts as screened before by national rules.'),
  episode(
    'PrevalentIncidentStatus',
    'Prevalent: first screen of the client; incident: she was screened before. NBSS does not explain the X- variants.',
  ),
  episode('ImagedBothSides', 'Whether both breasts were imaged in the episode.'),
  episode('OnKC62', 'Whether the episode counts in the KC62 return (national screening statistics).'),
  episode('CancerRegistryCandidate', 'Whether the episode was selected for the cancer registry.'),
  episode('BasoBenignCandidate', 'Whether the episode qualifies for the surgical (BASO) audit as benign.'),
  episode('BasoCancerCandidate', 'Whether the episode qualifies for the surgical (BASO) audit as cancer.'),
  episode('PartialMammography', 'Whether the breasts could be imaged in part only.'),
  episode('PartialMammographyReasonCode', 'Why the mammography was only partial.'),
  episode('PartialMammographyReason', 'Reason for partial mammography in the words of the staff.', {
    freeText: true,
  }),
  episode('CurrentComment', 'Comment on the episode in the words of the staff.', { freeText: true }),
  episode('FnaCytologicalOpinionC5', 'Whether a fine needle aspiration gave C5, malignant cells.'),
  episode('WbnOpinionB5', 'Whether a wide bore needle biopsy gave B5, malignant.'),
  episode('VaeOpinionE5', 'Whether a vacuum excision gave E5, malignant.'),
  episode('WideOpinion5', 'Whether any needle biopsy with tissue gave a malignant result (B5 or E5).'),
  episode('SurgeryHistologicalDiagnosisH5', 'Whether histology after surgery gave H5, malignant.'),
];

const screening = [
  episode('ScreeningDate', 'Day of the screen that the episode is counted by.'),
  episode('ScreeningDateMammo', 'Day of the screen by mammography.'),
  episode('ScreeningDateMRI', 'Day of the screen by magnetic resonance (clients at higher risk).'),
  episode('ScreeningDateUSS', 'Day of the screen by ultrasound (clients at higher risk).'),
  episode('ScreeningReportedDate', 'Day the result of the screen was reported.'),
  episode('TechnicalRepeatDate', 'Day images were taken again for a technical reason.'),
  episode('ScreeningEquipmentType', 'Whether the screen was taken on film (analogue) or digitally.'),
  episode('ScreeningInterval', 'Interval to the next screen that the client is on.', { type: 'int' }),
  episode('ScreeningProtocol', 'Protocol by which a client at higher risk is screened.'),
  episode('ScreeningProtocolAge', 'Age of the client as the protocol counts it.', {
    type: 'int',
    unit: 'years',
  }),
  episode('ScreeningProtocolEpiType', 'Whether the protocol invited the client or she referred herself.'),
  episode('PreviousScreeningDate', 'Day of the screen before this episode.'),
  episode('PreviousScreeningToFoaDays', 'Time from the screen before to the first appointment offered now.', {
    type: 'int',
  }),
  episode(
    'PreviousScreeningToFoaWeeks',
    'Time from the screen before to the first appointment offered now, in whole weeks.',
    weeks,
  ),
  episode(
    'PreviousFoaToFoaWeeks',
    'Time from the first appointment offered in the episode before to that of this one.',
    weeks,
  ),
];

const diagnosis = [
  episode('DateOfFirstAssessment', 'Day of the first assessment after a positive screen.'),
  episode('DateOfLastDiagnosis', 'Day of the last diagnostic result in the episode.'),
  episode('DiagCommDate', 'Day the client was told her diagnosis.'),
  episode('DiagCommMethod', 'How the client was told: face to face, telephone, letter, ….'),
  episode('DiagCommProfession', 'Profession of the person who told the client.'),
  episode('ScreeningToAssessmentWeeks', 'Time from the screen to the first assessment.', weeks),
  episode('ScreeningToCytoWeeks', 'Time from the screen to cytology (fine needle aspiration).', weeks),
  episode('ScreeningToWbnWeeks', 'Time from the screen to the wide bore needle biopsy.', weeks),
  episode('ScreeningToSurgeryWeeks', 'Time from the screen to surgery.', weeks),
  episode('ScreeningToEpisodeCloseWeeks', 'Time from the screen to the end of the episode.', weeks),
  episode('AssessmentToCytoWeeks', 'Time from assessment to cytology (fine needle aspiration).', weeks),
  episode('AssessmentToWbnWeeks', 'Time from assessment to the wide bore needle biopsy.', weeks),
  episode('AssessmentToSurgeryWeeks', 'Time from assessment to surgery.', weeks),
  episode('AssessmentToEpisodeCloseWeeks', 'Time from assessment to the end of the episode.', weeks),
];

const intervalCancer = [
  episode(
    'IntervalCancerType',
    'What a review saw on the earlier screen of a cancer found between screens: 1 normal or benign, 2 uncertain, 3 suspicious, 0 unclassifiable.',
  ),
  episode('IntervalCancerSizeMm', 'Size of the cancer that was found between screens.'),
  episode('IntervalCancerDateOfDiagnosis', 'Day the cancer between screens was diagnosed.'),
  episode('IntervalCancerDateOfReview', 'Day the earlier screen was reviewed locally.'),
  episode('IntervalCancerDateOfRegional', 'Day the earlier screen was reviewed by the region.'),
  episode('IntervalCancerReviewComment', 'Comment of the local review in the words of the staff.', {
    freeText: true,
  }),
  episode('IntervalCancerRegionalRvwCom', 'Comment of the regional review in the words of the staff.', {
    freeText: true,
  }),
];

export const episodes = table('episodes', {
  description: 'Episodes of care as NBSS records them, from invitation to closure.',
  key: ['client_id', 'episode_id'],
  parents: [{ table: 'clients', columns: ['client_id'] }],
  columns: [
    clientId,
    episodeId,
    ...episodeMeaning,
    ...course,
    ...status,
    ...screening,
    ...diagnosis,
    ...intervalCancer,
    extra,
  ],
});
