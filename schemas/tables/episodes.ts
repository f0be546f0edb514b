import { episodeMeaning } from './meaning.js';
import { table } from '../column.js';
import { fieldsOf, jsonField } from '../nbss/column.js';
import { clientId, episodeId, extra } from '../nbss/keys.js';

const episode = fieldsOf('Episode');
const EPISODE = '<episode>';
const weeks = { type: 'int', unit: 'weeks' } as const;

const course = [
  jsonField(
    EPISODE,
    'EpisodeType',
    'code',
    'Why the episode exists: first call, routine recall, self referral, interval case (CI), …; CI marks a cancer found between screens.',
    { codes: 'EPC' },
  ),
  jsonField(EPISODE, 'EpisodeAction', 'code', 'What was decided for the client at the end of the episode.', {
    codes: 'ACT',
  }),
  episode(
    'EpisodeCharacter',
    'code',
    'Character of the episode in NBSS itself; the same codes as episode_type.',
  ),
  episode(
    'EpisodeIsClosed',
    'yes_no',
    'Whether care in this episode has ended; an open one may still gain events.',
  ),
  episode(
    'EpisodeOpenedDate',
    'date',
    'Day the episode was opened, usually weeks before the screen (invitation).',
  ),
  episode('EpisodeClosedDate', 'date', 'Day the episode was closed.'),
  jsonField(
    EPISODE,
    'ActualEpisodeOpenedYear',
    'number',
    'Calendar year in which the episode was opened, as OMI-DB gives it apart from the date.',
    { type: 'int' },
  ),
  episode(
    'ReasonEpisodeClosed',
    'code',
    'Why the episode ended: routine closure, moved away, died, not attended, ….',
  ),
  episode(
    'EpisodeAuthorityEndCode',
    'code',
    'How the episode ended for the health authority: screened, did not attend, ….',
  ),
  episode(
    'EpisodeEndPoint',
    'code_list',
    'Points of the pathway at which the episode ended, as NBSS derives them.',
  ),
  episode(
    'FinalActionInEpisode',
    'code',
    'Last action recorded in the episode, e.g. routine recall or surgery.',
  ),
  jsonField(EPISODE, 'PatientAge', 'number', 'Age of the client at the episode, as OMI-DB gives it.', {
    type: 'int',
    unit: 'years',
  }),
  episode('AgeAtFoa', 'number', 'Age of the client at the first appointment offered in the episode.', {
    type: 'int',
    unit: 'years',
  }),
  jsonField(EPISODE, 'AccessionID', 'text', 'Accession number of the imaging request (pseudonymised).'),
  jsonField(
    EPISODE,
    'StudyList',
    'code_list',
    'StudyInstanceUIDs of the imaging studies that the collection assigned to the episode.',
    { separator: ',' },
  ),
];

const status = [
  episode(
    'AgeExtension2009Status',
    'code',
    'Whether the episode belongs to the randomised trial of extending the screening age (AgeX), and its arm.',
  ),
  episode('AttendedAppointment', 'yes_no', 'Whether the client came to an appointment in the episode.'),
  episode('DirectToAssessment', 'yes_no', 'Whether the client went straight to assessment without a screen.'),
  episode('HighRiskShortTermRecall', 'yes_no', 'Whether a client at higher risk was called back early.'),
  episode(
    'NationalIncidentStatus',
    'yes_no',
    'Whether the client counts as screened before by national rules.',
  ),
  episode(
    'PrevalentIncidentStatus',
    'code',
    'Prevalent: first screen of the client; incident: she was screened before. NBSS does not explain the X- variants.',
  ),
  episode('ImagedBothSides', 'yes_no', 'Whether both breasts were imaged in the episode.'),
  episode(
    'OnKC62',
    'yes_no',
    'Whether the episode counts in the KC62 return (national screening statistics).',
  ),
  episode('CancerRegistryCandidate', 'yes_no', 'Whether the episode was selected for the cancer registry.'),
  episode(
    'BasoBenignCandidate',
    'yes_no',
    'Whether the episode qualifies for the surgical (BASO) audit as benign.',
  ),
  episode(
    'BasoCancerCandidate',
    'yes_no',
    'Whether the episode qualifies for the surgical (BASO) audit as cancer.',
  ),
  episode('PartialMammography', 'yes_no', 'Whether the breasts could be imaged in part only.'),
  episode('PartialMammographyReasonCode', 'code', 'Why the mammography was only partial.'),
  episode('PartialMammographyReason', 'text', 'Reason for partial mammography in the words of the staff.', {
    freeText: true,
  }),
  episode('CurrentComment', 'text', 'Comment on the episode in the words of the staff.', { freeText: true }),
  episode('FnaCytologicalOpinionC5', 'yes_no', 'Whether a fine needle aspiration gave C5, malignant cells.'),
  episode('WbnOpinionB5', 'yes_no', 'Whether a wide bore needle biopsy gave B5, malignant.'),
  episode('VaeOpinionE5', 'yes_no', 'Whether a vacuum excision gave E5, malignant.'),
  episode(
    'WideOpinion5',
    'yes_no',
    'Whether any needle biopsy with tissue gave a malignant result (B5 or E5).',
  ),
  episode('SurgeryHistologicalDiagnosisH5', 'yes_no', 'Whether histology after surgery gave H5, malignant.'),
];

const screening = [
  episode('ScreeningDate', 'date', 'Day of the screen that the episode is counted by.'),
  episode('ScreeningDateMammo', 'date', 'Day of the screen by mammography.'),
  episode('ScreeningDateMRI', 'date', 'Day of the screen by magnetic resonance (clients at higher risk).'),
  episode('ScreeningDateUSS', 'date', 'Day of the screen by ultrasound (clients at higher risk).'),
  episode('ScreeningReportedDate', 'date', 'Day the result of the screen was reported.'),
  episode('TechnicalRepeatDate', 'date', 'Day images were taken again for a technical reason.'),
  episode('ScreeningEquipmentType', 'code', 'Whether the screen was taken on film (analogue) or digitally.'),
  episode('ScreeningInterval', 'number', 'Interval to the next screen that the client is on.', {
    type: 'int',
  }),
  episode('ScreeningProtocol', 'text', 'Protocol by which a client at higher risk is screened.'),
  episode('ScreeningProtocolAge', 'number', 'Age of the client as the protocol counts it.', {
    type: 'int',
    unit: 'years',
  }),
  episode(
    'ScreeningProtocolEpiType',
    'code',
    'Whether the protocol invited the client or she referred herself.',
  ),
  episode('PreviousScreeningDate', 'date', 'Day of the screen before this episode.'),
  episode(
    'PreviousScreeningToFoaDays',
    'number',
    'Time from the screen before to the first appointment offered now.',
    {
      type: 'int',
    },
  ),
  episode(
    'PreviousScreeningToFoaWeeks',
    'number',
    'Time from the screen before to the first appointment offered now, in whole weeks.',
    weeks,
  ),
  episode(
    'PreviousFoaToFoaWeeks',
    'number',
    'Time from the first appointment offered in the episode before to that of this one.',
    weeks,
  ),
];

const diagnosis = [
  episode('DateOfFirstAssessment', 'date', 'Day of the first assessment after a positive screen.'),
  episode('DateOfLastDiagnosis', 'date', 'Day of the last diagnostic result in the episode.'),
  episode('DiagCommDate', 'date', 'Day the client was told her diagnosis.'),
  episode('DiagCommMethod', 'code', 'How the client was told: face to face, telephone, letter, ….'),
  episode('DiagCommProfession', 'code', 'Profession of the person who told the client.'),
  episode('ScreeningToAssessmentWeeks', 'number', 'Time from the screen to the first assessment.', weeks),
  episode(
    'ScreeningToCytoWeeks',
    'number',
    'Time from the screen to cytology (fine needle aspiration).',
    weeks,
  ),
  episode('ScreeningToWbnWeeks', 'number', 'Time from the screen to the wide bore needle biopsy.', weeks),
  episode('ScreeningToSurgeryWeeks', 'number', 'Time from the screen to surgery.', weeks),
  episode('ScreeningToEpisodeCloseWeeks', 'number', 'Time from the screen to the end of the episode.', weeks),
  episode(
    'AssessmentToCytoWeeks',
    'number',
    'Time from assessment to cytology (fine needle aspiration).',
    weeks,
  ),
  episode('AssessmentToWbnWeeks', 'number', 'Time from assessment to the wide bore needle biopsy.', weeks),
  episode('AssessmentToSurgeryWeeks', 'number', 'Time from assessment to surgery.', weeks),
  episode(
    'AssessmentToEpisodeCloseWeeks',
    'number',
    'Time from assessment to the end of the episode.',
    weeks,
  ),
];

const intervalCancer = [
  episode(
    'IntervalCancerType',
    'code',
    'What a review saw on the earlier screen of a cancer found between screens: 1 normal or benign, 2 uncertain, 3 suspicious, 0 unclassifiable.',
  ),
  episode('IntervalCancerSizeMm', 'number', 'Size of the cancer that was found between screens.'),
  episode('IntervalCancerDateOfDiagnosis', 'date', 'Day the cancer between screens was diagnosed.'),
  episode('IntervalCancerDateOfReview', 'date', 'Day the earlier screen was reviewed locally.'),
  episode('IntervalCancerDateOfRegional', 'date', 'Day the earlier screen was reviewed by the region.'),
  episode('IntervalCancerReviewComment', 'text', 'Comment of the local review in the words of the staff.', {
    freeText: true,
  }),
  episode(
    'IntervalCancerRegionalRvwCom',
    'text',
    'Comment of the regional review in the words of the staff.',
    {
      freeText: true,
    },
  ),
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
