import type { FieldsOf } from '../../schemas/row.js';
import type { EventName } from '../../schemas/tables/events.js';
import type { surgeries } from '../../schemas/tables/surgeries.js';
import type { wideBiopsies } from '../../schemas/tables/wide-biopsies.js';
import { LESION_BLOCKS } from '../nbss/blocks.js';
import type { ProcedureLesion } from '../nbss/procedures.js';
import type { EpisodeEvent, TypedEpisode } from '../nbss/typed-episode.js';
import {
  EVENT_KINDS,
  sideOpinion,
  type EpisodeFacts,
  type EventFacts,
  type EventKind,
  type LesionFacts,
  type PathologyFacts,
  type WideBiopsyFacts,
} from '../semantics/facts.js';
import type { EpisodeHistory, ProcedureFacts } from '../semantics/time/model.js';

function eventFacts({ event, eventNumber, dates, record: { fields } }: EpisodeEvent): EventFacts<EventName> {
  return {
    kind: event,
    number: eventNumber,
    dates,
    opinions: { L: sideOpinion(fields.left_opinion), R: sideOpinion(fields.right_opinion) },
  };
}

type Pathology = FieldsOf<typeof surgeries> | FieldsOf<typeof wideBiopsies>;

function pathologyFacts(fields: Pathology): PathologyFacts {
  return {
    invasiveComponents: fields.invasive_components ?? [],
    invasiveType: fields.invasive_type,
    diseaseGrade: fields.disease_grade,
    inSituComponents: fields.in_situ_components ?? [],
    dcisGrade: fields.dcis_grade,
  };
}

function wideBiopsyFacts(fields: FieldsOf<typeof wideBiopsies>): WideBiopsyFacts {
  const { invasiveComponents, invasiveType, diseaseGrade, inSituComponents, dcisGrade } =
    pathologyFacts(fields);
  const malignancyType = fields.malignancy_type;
  return { invasiveComponents, invasiveType, diseaseGrade, inSituComponents, dcisGrade, malignancyType };
}

const isCounted = (event: EventFacts<EventName>): event is EventFacts =>
  EVENT_KINDS.includes(event.kind as EventKind);

/** Events that the rules count, and others: an interval cancer, further screens without a first one. */
function splitEvents(all: readonly EventFacts<EventName>[]): Pick<EpisodeFacts, 'events' | 'otherEvents'> {
  const hasScreening = all.some(({ kind, number }) => kind === 'screening' && number === 1);
  const events: EventFacts[] = [];
  const otherEvents: EventFacts<EventName>[] = [];
  for (const event of all) {
    if (isCounted(event) && (hasScreening || event.kind !== 'screening')) events.push(event);
    else otherEvents.push(event);
  }
  return { events, otherEvents };
}

type LesionKey = Pick<LesionFacts, 'side' | 'lesionNumber'>;

const lesionKey = ({ side, lesionNumber }: LesionKey): string => `${side}${lesionNumber}`;

function byLesion<Lesion extends LesionKey>(lesions: readonly Lesion[]): ReadonlyMap<string, Lesion> {
  return new Map(lesions.map((lesion) => [lesionKey(lesion), lesion]));
}

/** What the tissue of an episode's lesions showed. */
interface Tissue {
  readonly wideBiopsies: ReadonlyMap<string, ProcedureLesion<typeof wideBiopsies>>;
  readonly surgeries: ReadonlyMap<string, ProcedureLesion<typeof surgeries>>;
}

function lesionFacts(lesion: TypedEpisode['lesions'][number], tissue: Tissue): LesionFacts {
  const { side, lesionNumber, seenIn } = lesion;
  const wideBiopsy = tissue.wideBiopsies.get(lesionKey(lesion));
  const surgery = tissue.surgeries.get(lesionKey(lesion));
  return {
    side,
    lesionNumber,
    seenIn,
    wideBiopsy: wideBiopsy === undefined ? null : wideBiopsyFacts(wideBiopsy.record.fields),
    surgery: surgery === undefined ? null : pathologyFacts(surgery.record.fields),
  };
}

const NONE: readonly never[] = [];

/** Every lesion of every procedure, in the order of the events. */
function procedureFacts({ procedures }: TypedEpisode): ProcedureFacts[] {
  const facts: ProcedureFacts[] = [];
  for (const { event } of LESION_BLOCKS)
    for (const { side, lesionNumber, record } of procedures[event]) {
      const { fields } = record;
      facts.push({
        event,
        side,
        lesionNumber,
        date: fields.date_performed,
        opinion: fields.opinion,
        malignancyType: 'malignancy_type' in fields ? fields.malignancy_type : null,
      });
    }
  return facts;
}

function lesionsFacts({ lesions, procedures }: TypedEpisode): readonly LesionFacts[] {
  if (lesions.length === 0) return NONE;
  const tissue: Tissue = {
    wideBiopsies: byLesion(procedures.biopsy_wide),
    surgeries: byLesion(procedures.surgery),
  };
  return lesions.map((lesion) => lesionFacts(lesion, tissue));
}

/** What the rules of meaning, and of breasts over time, need to know of an episode. */
export function episodeFacts(episode: TypedEpisode): EpisodeHistory {
  const { fields } = episode.record;
  const { events, otherEvents } = splitEvents(episode.events.map(eventFacts));
  return {
    episodeId: episode.episodeId,
    type: fields.episode_type,
    openedDate: fields.episode_opened_date,
    diagnosisDate: fields.interval_cancer_date_of_diagnosis,
    events,
    otherEvents,
    lesions: lesionsFacts(episode),
    procedures: procedureFacts(episode),
    isClosed: fields.episode_is_closed,
  };
}
