import type { AnyRow } from '../../../schemas/column.js';
import type { EventName } from '../../../schemas/tables/events.js';
import type { LesionEvent, Side } from '../../nbss/blocks.js';
import {
  EVENT_KINDS,
  sideOpinion,
  type EpisodeFacts,
  type EventFacts,
  type EventKind,
  type LesionFacts,
  type PathologyFacts,
  type WideBiopsyFacts,
} from '../../semantics/model.js';
import type { NbssRows } from './nbss.js';

type FactRows = Pick<NbssRows, 'episodes' | 'events' | 'lesions' | 'wide_biopsies' | 'surgeries'>;

const text = (row: AnyRow, column: string): string | null =>
  (row[column] as string | null | undefined) ?? null;
const date = (row: AnyRow, column: string): number | null =>
  (row[column] as number | null | undefined) ?? null;
const texts = (row: AnyRow, column: string): readonly string[] =>
  (row[column] as readonly string[] | null | undefined) ?? [];

function byEpisode(rows: readonly AnyRow[]): ReadonlyMap<string, readonly AnyRow[]> {
  const groups = new Map<string, AnyRow[]>();
  for (const row of rows) {
    const id = row['episode_id'] as string;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [row]);
    else group.push(row);
  }
  return groups;
}

const lesionKey = (row: AnyRow): string =>
  JSON.stringify([row['episode_id'], row['side'], row['lesion_number']] as const);

function byLesion(rows: readonly AnyRow[]): ReadonlyMap<string, AnyRow> {
  return new Map(rows.map((row) => [lesionKey(row), row]));
}

function eventFacts(row: AnyRow): EventFacts<EventName> {
  return {
    kind: row['event'] as EventName,
    number: row['event_number'] as number,
    dates: row['event_dates'] as readonly number[],
    opinions: { L: sideOpinion(text(row, 'left_opinion')), R: sideOpinion(text(row, 'right_opinion')) },
  };
}

function pathologyFacts(row: AnyRow | undefined): PathologyFacts | null {
  if (row === undefined) return null;
  return {
    invasiveComponents: texts(row, 'invasive_components'),
    invasiveType: text(row, 'invasive_type'),
    diseaseGrade: text(row, 'disease_grade'),
    inSituComponents: texts(row, 'in_situ_components'),
    dcisGrade: text(row, 'dcis_grade'),
  };
}

function wideBiopsyFacts(row: AnyRow | undefined): WideBiopsyFacts | null {
  const pathology = pathologyFacts(row);
  return pathology === null ? null : { ...pathology, malignancyType: text(row!, 'malignancy_type') };
}

const isCounted = (event: EventFacts<EventName>): event is EventFacts =>
  EVENT_KINDS.includes(event.kind as EventKind);

/** Events that the rules count, and others: an interval cancer, further screens without a first one. */
function splitEvents(rows: readonly AnyRow[]): Pick<EpisodeFacts, 'events' | 'otherEvents'> {
  const all = rows.map(eventFacts);
  const hasScreening = all.some(({ kind, number }) => kind === 'screening' && number === 1);
  const events: EventFacts[] = [];
  const otherEvents: EventFacts<EventName>[] = [];
  for (const event of all) {
    if (isCounted(event) && (hasScreening || event.kind !== 'screening')) events.push(event);
    else otherEvents.push(event);
  }
  return { events, otherEvents };
}

/** What the rules of meaning need to know of a client's episodes, from the rows of the NBSS tables, in their order. */
export function episodeFacts(rows: FactRows): EpisodeFacts[] {
  const events = byEpisode(rows.events);
  const lesions = byEpisode(rows.lesions);
  const wideBiopsies = byLesion(rows.wide_biopsies);
  const surgeries = byLesion(rows.surgeries);
  const lesionFacts = (row: AnyRow): LesionFacts => ({
    side: row['side'] as Side,
    lesionNumber: row['lesion_number'] as number,
    seenIn: texts(row, 'seen_in') as readonly LesionEvent[],
    wideBiopsy: wideBiopsyFacts(wideBiopsies.get(lesionKey(row))),
    surgery: pathologyFacts(surgeries.get(lesionKey(row))),
  });
  return rows.episodes.map((row) => {
    const episodeId = row['episode_id'] as string;
    return {
      episodeId,
      type: text(row, 'episode_type'),
      openedDate: date(row, 'episode_opened_date'),
      diagnosisDate: date(row, 'interval_cancer_date_of_diagnosis'),
      ...splitEvents(events.get(episodeId) ?? []),
      lesions: (lesions.get(episodeId) ?? []).map(lesionFacts),
    };
  });
}
