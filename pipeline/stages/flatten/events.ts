import type { AnyRow, Cell } from '../../../schemas/column.js';
import { nbssColumns } from '../../../schemas/nbss/column.js';
import { events, surgeryEventColumns, type EventName } from '../../../schemas/tables/events.js';
import type { Episode, EventBlock, Screen } from '../../nbss/episode.js';
import { extraText } from '../../omi-db/extra.js';
import { noteAll, RecordReader, type NbssContext } from './nbss-fields.js';

const reader = new RecordReader(events, nbssColumns(events));
const surgeryReader = new RecordReader(events, surgeryEventColumns);

/** The rows that an episode's blocks gave in the tables below `events`, which hold the dates of the events. */
export interface RowsOfBlocks {
  readonly sides: readonly AnyRow[];
  readonly procedures: ReadonlyMap<EventName, readonly AnyRow[]>;
}

/** Distinct dates in the order given; nulls are left out. */
function distinctDates(cells: readonly Cell[]): number[] {
  return [...new Set(cells.filter((cell): cell is number => typeof cell === 'number'))];
}

interface EventFacts {
  readonly event: EventName;
  readonly eventNumber: number;
  readonly sourceKey: string | null;
  readonly block: Screen | EventBlock;
  readonly datesOf: (datePerformed: Cell) => readonly number[];
}

function eventRow(episodeId: string, facts: EventFacts, context: NbssContext): AnyRow {
  const { event, eventNumber, sourceKey, block } = facts;
  const where = () => `episode ${episodeId}, ${event} ${eventNumber}`;
  const readerOfEvent = event === 'surgery' ? surgeryReader : reader;
  const { cells, extra } = readerOfEvent.read(block.record, context, where, block.sideKeys);
  Object.assign(extra, block.rest);
  noteAll(context, events.name, block.unknownKeys);
  return {
    client_id: context.clientId,
    episode_id: episodeId,
    event,
    event_number: eventNumber,
    source_key: sourceKey,
    event_dates: facts.datesOf(cells['date_performed'] ?? null),
    ...cells,
    extra: extraText(extra),
  };
}

/**
 * The rows of table `events` for an episode: screens, then the other events in the order of `EVENTS`.
 * The dates of a screen are those its sides were taken (L, R); of any other event those of its lesions (L before R, by
 * number), then the event's own. Each once.
 */
export function flattenEvents(episode: Episode, rows: RowsOfBlocks, context: NbssContext): AnyRow[] {
  const { episodeId } = episode;
  const screens = episode.screens.map((screen) => {
    const sides = rows.sides.filter((row) => row['event_number'] === screen.eventNumber);
    const datesOf = () => distinctDates(sides.map((row) => row['date_taken'] ?? null));
    const { eventNumber, sourceKey } = screen;
    return eventRow(
      episodeId,
      { event: 'screening', eventNumber, sourceKey, block: screen, datesOf },
      context,
    );
  });
  const others = episode.events.map((block) => {
    const { event } = block;
    const ofLesions = (rows.procedures.get(event) ?? []).map((row) => row['date_performed'] ?? null);
    const datesOf = (own: Cell) => distinctDates([...ofLesions, own]);
    return eventRow(episodeId, { event, eventNumber: 1, sourceKey: null, block, datesOf }, context);
  });
  return [...screens, ...others];
}
