import { parseDate } from '../../schemas/dates.js';
import { EVENTS, type EventName } from '../../schemas/tables/events.js';
import type { Side } from '../../pipeline/nbss/blocks.js';
import type { EpisodeHistory, ProcedureFacts } from '../../pipeline/semantics/time/model.js';
import type {
  EventFacts,
  LesionFacts,
  SideOpinion,
  WideBiopsyFacts,
} from '../../pipeline/semantics/facts.js';

/** Histories of a woman, written down in short. */

/** A lesion in an event: `L1` is lesion 1 of the left breast. */
interface ShortLesion extends Partial<Omit<WideBiopsyFacts, 'malignancyType'>> {
  readonly at: `${Side}${number}`;
  readonly date?: string;
  readonly opinion?: string;
  readonly type?: string;
}

interface ShortEvent {
  /** Day of the event as a whole, or on which a screen was taken. */
  readonly date?: string;
  readonly L?: SideOpinion;
  readonly R?: SideOpinion;
  readonly lesions?: readonly ShortLesion[];
}

type ShortEpisode = Partial<Record<EventName, ShortEvent>> & {
  readonly type?: string;
  readonly opened?: string;
  readonly diagnosis?: string;
  readonly closed?: boolean;
};

export const days = (iso: string): number => parseDate(iso)!;
const daysOrNull = (iso: string | undefined): number | null => (iso === undefined ? null : days(iso));
const place = ({ at }: ShortLesion) => ({ side: at[0] as Side, lesionNumber: Number(at.slice(1)) });

function eventFacts(kind: EventName, { date, L, R, lesions = [] }: ShortEvent): EventFacts<EventName> {
  const dates = [...lesions.map((lesion) => lesion.date), date].filter((text) => text !== undefined);
  return {
    kind,
    number: 1,
    dates: [...new Set(dates.map(days))],
    opinions: { L: L ?? null, R: R ?? null },
  };
}

function pathology(lesion: ShortLesion | undefined): WideBiopsyFacts | null {
  if (lesion === undefined) return null;
  return {
    malignancyType: lesion.type ?? null,
    invasiveComponents: lesion.invasiveComponents ?? [],
    invasiveType: lesion.invasiveType ?? null,
    diseaseGrade: lesion.diseaseGrade ?? null,
    inSituComponents: lesion.inSituComponents ?? [],
    dcisGrade: lesion.dcisGrade ?? null,
  };
}

function lesionFacts(short: ShortEpisode): LesionFacts[] {
  const named = new Set(EVENTS.flatMap((event) => short[event]?.lesions?.map(({ at }) => at) ?? []));
  const seen = (event: EventName, at: string) => short[event]?.lesions?.find((lesion) => lesion.at === at);
  return [...named].sort().map((at) => ({
    ...place({ at }),
    seenIn: EVENTS.filter((event) => event !== 'screening' && seen(event, at) !== undefined) as never,
    wideBiopsy: pathology(seen('biopsy_wide', at)),
    surgery: pathology(seen('surgery', at)),
  }));
}

/** An episode. Of type R, without `closed`, unless it says otherwise. */
export function episode(episodeId: string, short: ShortEpisode): EpisodeHistory {
  const events = EVENTS.flatMap((kind) => (short[kind] === undefined ? [] : [eventFacts(kind, short[kind])]));
  const procedures = EVENTS.flatMap((event) =>
    event === 'screening'
      ? []
      : (short[event]?.lesions ?? []).map((lesion): ProcedureFacts => ({
          event,
          ...place(lesion),
          date: daysOrNull(lesion.date),
          opinion: lesion.opinion ?? null,
          malignancyType: lesion.type ?? null,
        })),
  );
  return {
    episodeId,
    type: short.type ?? 'R',
    openedDate: daysOrNull(short.opened),
    diagnosisDate: daysOrNull(short.diagnosis),
    isClosed: short.closed ?? null,
    events: events.filter((event): event is EventFacts => event.kind !== 'interval_cancer'),
    otherEvents: events.filter(({ kind }) => kind === 'interval_cancer'),
    lesions: lesionFacts(short),
    procedures,
  };
}
