import type { AnyRow } from '../../../schemas/column.js';
import { screeningSides } from '../../../schemas/tables/screening-sides.js';
import type { Episode } from '../../nbss/episode.js';
import { RecordReader, type NbssContext } from './nbss-fields.js';

const reader = new RecordReader(screeningSides);

/** The rows of table `screening_sides` for an episode, by number of the screen, L before R. */
export function flattenScreeningSides(episode: Episode, context: NbssContext): AnyRow[] {
  const { episodeId } = episode;
  return episode.screens.flatMap(({ eventNumber, items }) =>
    items.map(({ side, fields }) =>
      reader.row(fields, context, {
        keys: { client_id: context.clientId, episode_id: episodeId, event_number: eventNumber, side },
        where: () => `episode ${episodeId}, screen ${eventNumber}, side ${side}`,
      }),
    ),
  );
}
