import type { AnyRow } from '../../../schemas/column.js';
import type { EventName } from '../../../schemas/tables/events.js';
import type { Side } from '../../nbss/blocks.js';
import type { NbssRows } from './nbss.js';

/** An event as linking needs it. */
export interface EpisodeEvent {
  readonly event: EventName;
  readonly eventNumber: number;
  /** Days since 1970-01-01, distinct, in the order of the `event_dates` column. */
  readonly dates: readonly number[];
  /**
   * Whether studies may be linked to it, by the reference's rules: not to an interval cancer, nor to a further
   * screen (OTHERSCREENING) of an episode that has no SCREENING.
   */
  readonly linkable: boolean;
}

export interface LesionName {
  readonly side: Side;
  readonly lesionNumber: number;
}

function groupByEpisode<Item>(
  rows: readonly AnyRow[],
  itemOf: (row: AnyRow) => Item,
  episodes: readonly AnyRow[],
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>(episodes.map((row) => [row['episode_id'] as string, []]));
  for (const row of rows) groups.get(row['episode_id'] as string)?.push(itemOf(row));
  return groups;
}

/** The events of every episode of a client by episode id, episodes in the order of the file. */
export function episodeEvents({ episodes, events }: NbssRows): ReadonlyMap<string, readonly EpisodeEvent[]> {
  const groups = groupByEpisode(
    events,
    (row) => ({
      event: row['event'] as EventName,
      eventNumber: row['event_number'] as number,
      dates: row['event_dates'] as readonly number[],
      linkable: row['event'] !== 'interval_cancer',
    }),
    episodes,
  );
  for (const [episodeId, group] of groups) {
    const hasScreening = group.some(({ event, eventNumber }) => event === 'screening' && eventNumber === 1);
    if (hasScreening) continue;
    groups.set(
      episodeId,
      group.map((item) => (item.event === 'screening' ? { ...item, linkable: false } : item)),
    );
  }
  return groups;
}

/** The lesions of every episode of a client by episode id: L before R, then by number. */
export function lesionNumbers({ episodes, lesions }: NbssRows): ReadonlyMap<string, readonly LesionName[]> {
  return groupByEpisode(
    lesions,
    (row) => ({ side: row['side'] as Side, lesionNumber: row['lesion_number'] as number }),
    episodes,
  );
}
