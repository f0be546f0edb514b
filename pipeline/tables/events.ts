import type { RowOf } from '../../schemas/row.js';
import type { events } from '../../schemas/tables/events.js';
import type { screeningSides } from '../../schemas/tables/screening-sides.js';
import type { ClientModel } from '../model/client-model.js';

type EventRow = RowOf<typeof events>;
type ScreeningSideRow = RowOf<typeof screeningSides>;

/** The rows of a client in `events`: of each episode screens, then the other events in the order of `EVENTS`. */
export function eventRows({ clientId, episodes }: ClientModel): EventRow[] {
  const rows: EventRow[] = [];
  for (const { episodeId, events } of episodes)
    for (const { event, eventNumber, sourceKey, dates, record } of events)
      rows.push({
        client_id: clientId,
        episode_id: episodeId,
        event,
        event_number: eventNumber,
        source_key: sourceKey,
        event_dates: dates,
        fields: record.fields,
        extra: record.extra,
      });
  return rows;
}

/** The rows of a client in `screening_sides`: of each episode by number of the screen, L before R. */
export function screeningSideRows({ clientId, episodes }: ClientModel): ScreeningSideRow[] {
  const rows: ScreeningSideRow[] = [];
  for (const { episodeId, screenSides } of episodes)
    for (const { eventNumber, side, record } of screenSides)
      rows.push({
        client_id: clientId,
        episode_id: episodeId,
        event_number: eventNumber,
        side,
        fields: record.fields,
        extra: record.extra,
      });
  return rows;
}
