import type { AnyRow, Cell } from '../../../schemas/column.js';
import { nbssColumns } from '../../../schemas/nbss/column.js';
import { events, surgeryEventColumns, type EventName } from '../../../schemas/tables/events.js';
import type { Episode, EventBlock, Screen } from '../../nbss/episode.js';
import { RecordReader, type NbssContext } from './nbss-fields.js';

const reader = new RecordReader(events, nbssColumns(events));
const surgeryReader = new RecordReader(events, surgeryEventColumns);

/** The rows that an episode's blocks gave in the tables below `events`, which hold the dates of the events. */
export interface RowsOfBlocks {
  readonly sides: readonly AnyRow[];
  readonly procedures: ReadonlyMap<EventName, readonly AnyRow[]>;
}

/** Distinct dates in the order given; nulls are left out. */
function distinctDates(cells: readonly (Cell | undefined)[]): number[] {
  return [...new Set(cells.filter((cell): cell is number => typeof cell === 'number'))];
}

function eventRow(
  episodeId: string,
  event: EventName,
  block: Screen | EventBlock,
  context: NbssContext,
): AnyRow {
  const screen = 'eventNumber' in block ? block : null;
  const eventNumber = screen?.eventNumber ?? 1;
  const readerOfEvent = event === 'surgery' ? surgeryReader : reader;
  return readerOfEvent.row(block.record, context, {
    keys: {
      client_id: context.clientId,
      episode_id: episodeId,
      event,
      event_number: eventNumber,
      source_key: screen?.sourceKey ?? null,
    },
    where: () => `episode ${episodeId}, ${event} ${eventNumber}`,
    handled: block.sideKeys,
    leftover: block,
  });
}

/**
 * The rows of table `events` for an episode: screens, then the other events in the order of `EVENTS`.
 * The dates of a screen are those its sides were taken (L, R); of any other event those of its lesions (L before R, by
 * number), then the event's own. Each once.
 */
export function flattenEvents(episode: Episode, rows: RowsOfBlocks, context: NbssContext): AnyRow[] {
  const { episodeId } = episode;
  const datesTaken = new Map<Cell | undefined, Cell[]>();
  for (const side of rows.sides) {
    const dates = datesTaken.get(side['event_number']);
    if (dates === undefined) datesTaken.set(side['event_number'], [side['date_taken'] ?? null]);
    else dates.push(side['date_taken'] ?? null);
  }
  const screens = episode.screens.map((screen) => {
    const row = eventRow(episodeId, 'screening', screen, context);
    row['event_dates'] = distinctDates(datesTaken.get(screen.eventNumber) ?? []);
    return row;
  });
  const others = episode.events.map((block) => {
    const row = eventRow(episodeId, block.event, block, context);
    const ofLesions = (rows.procedures.get(block.event) ?? []).map((lesion) => lesion['date_performed']);
    row['event_dates'] = distinctDates([...ofLesions, row['date_performed']]);
    return row;
  });
  return [...screens, ...others];
}
