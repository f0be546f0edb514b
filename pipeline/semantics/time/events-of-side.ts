import type { EventName } from '../../../schemas/tables/events.js';
import type { LesionEvent, Side } from '../../nbss/blocks.js';
import type { EventFacts, SideOpinion } from '../facts.js';
import type { EpisodeHistory, ProcedureFacts } from './model.js';

/** Which breast an event is about, and when it was. */

/** The events with tissue or cells, in the order in which they are commonly done. */
export const TISSUE_IN_ORDER = [
  'biopsy_fine',
  'biopsy_wide',
  'surgery',
] as const satisfies readonly LesionEvent[];
export type TissueEvent = (typeof TISSUE_IN_ORDER)[number];

export function isTissueEvent(event: EventName): event is TissueEvent {
  return (TISSUE_IN_ORDER as readonly EventName[]).includes(event);
}

/** The lesions of a side in an event. */
export function proceduresOf(
  episode: EpisodeHistory,
  event: EventName,
  side: Side,
): readonly ProcedureFacts[] {
  return episode.procedures.filter((procedure) => procedure.event === event && procedure.side === side);
}

/** The earliest of some dates; null where there is none. */
export function earliest(dates: readonly (number | null)[]): number | null {
  return dates.reduce(
    (first, date) => (first === null || (date !== null && date < first) ? date : first),
    null,
  );
}

/** The latest of some dates; null where there is none. */
export function latest(dates: readonly (number | null)[]): number | null {
  return dates.reduce((last, date) => (last === null || (date !== null && date > last) ? date : last), null);
}

/** The day of an event on a side: the earliest DatePerformed of that side's lesions in it, else the event's date. */
export function dateOnSide(episode: EpisodeHistory, event: EventFacts<EventName>, side: Side): number | null {
  return earliest(proceduresOf(episode, event.kind, side).map(({ date }) => date)) ?? earliest(event.dates);
}

/** An opinion that says of a breast that something was found in it. */
const isFinding = (opinion: SideOpinion | null): boolean => opinion !== null && opinion !== 'ON';

/**
 * Whether an event of tissue was done on a breast: it has a lesion there, or the opinion on that side is of a finding. An
 * event that names neither breast so may be of either: null.
 */
export function isOnSide(episode: EpisodeHistory, event: EventFacts, side: Side): boolean | null {
  const other = side === 'L' ? 'R' : 'L';
  const told = (of: Side): boolean =>
    proceduresOf(episode, event.kind, of).length > 0 || isFinding(event.opinions[of]);
  if (told(side)) return true;
  return told(other) ? false : null;
}
