import { column, required, table } from '../column.js';
import { field, fieldsOf, jsonField, type NbssColumn } from '../nbss/column.js';
import { clientId, episodeId, episodeParents, eventNumber, extra } from '../nbss/keys.js';

/** Sorts of event, in the order in which an episode's rows come. */
export const EVENTS = [
  'screening',
  'assessment',
  'clinical',
  'biopsy_wide',
  'biopsy_fine',
  'surgery',
  'interval_cancer',
] as const;

export type EventName = (typeof EVENTS)[number];

// SurgeryDS last: only there EventType is a list of codes, see surgeryEventColumns.
const SETS = ['ScreeningDS', 'ImagingDS', 'ClinicalExamDS', 'WbnDS', 'FnaDS', 'SurgeryDS'];
const set = fieldsOf(...SETS);
const sideOpinion = { labels: 'omidb:side_opinion' };

const eventType = set(
  'EventType',
  'code',
  'Sort of the event within its set of examinations; for surgery: for diagnosis (ASS) or treatment (PTR).',
  { type: 'list<string>' },
);

const ofBlock = [
  jsonField('<block>', 'DatePerformed', 'date', 'Day of the event, as recorded for the event as a whole.'),
  set(
    'LeftOpinion',
    'code',
    'Opinion on the whole left breast after the event: ON normal to OM malignant.',
    sideOpinion,
  ),
  set(
    'RightOpinion',
    'code',
    'Opinion on the whole right breast after the event: ON normal to OM malignant.',
    sideOpinion,
  ),
  jsonField('<block>', 'Opinion', 'code', 'Opinion after the event as a whole, where no side is named.', {
    codes: 'OPINION',
    ...sideOpinion,
  }),
  set('DiagnosticSetOutcome', 'code', 'Outcome of the set of examinations that the event closes.'),
  set('OverallAction', 'code', 'What was decided for the client after the event.'),
  set('OverallDate', 'date', 'Day that was decided on (overall_action).'),
  eventType,
  set('Comments', 'text', 'Comments on the event in the words of the staff.', { freeText: true }),
];

export const events = table('events', {
  description:
    'Events of an episode: screens, assessment, clinical examination, biopsies, surgery, interval cancer.',
  key: ['client_id', 'episode_id', 'event', 'event_number'],
  parents: episodeParents,
  columns: [
    clientId,
    episodeId,
    required('event', 'string', {
      description:
        'Sort of event: screening, assessment, clinical, biopsy_wide, biopsy_fine, surgery or interval_cancer.',
      source: 'nbss name of the block',
    }),
    eventNumber,
    column('source_key', 'string', {
      description: 'Key of a further screen in OTHERSCREENING; null for every other event.',
      source: 'nbss OTHERSCREENING.<n>',
    }),
    required('event_dates', 'list<date>', {
      description:
        'Days of the event, each once: of a screen those its sides were taken; otherwise those of its lesions, then that of the event as a whole.',
      source: 'nbss <block>.<side>.DateTaken, <block>.<side>.<lesion>.DatePerformed, <block>.dateperformed',
    }),
    ...ofBlock,
    extra,
  ],
});

/** The columns of a surgery event: there NBSS lists the types, in all other events it does not. */
export const surgeryEventColumns: readonly NbssColumn[] = ofBlock.map((candidate) =>
  candidate === eventType ? field(['SurgeryDS'], 'EventType', 'code_list', eventType.description) : candidate,
);
