import type { AnyRow } from '../../../schemas/column.js';
import { screeningSides } from '../../../schemas/tables/screening-sides.js';
import type { Episode } from '../../nbss/episode.js';
import { extraText } from '../../omi-db/extra.js';
import { RecordReader, type NbssContext } from './nbss-fields.js';

const reader = new RecordReader(screeningSides);

/** The rows of table `screening_sides` for an episode, by number of the screen, L before R. */
export function flattenScreeningSides(episode: Episode, context: NbssContext): AnyRow[] {
  return episode.screens.flatMap(({ eventNumber, items }) =>
    items.map(({ side, fields }) => {
      const where = () => `episode ${episode.episodeId}, screen ${eventNumber}, side ${side}`;
      const { cells, extra } = reader.read(fields, context, where);
      return {
        client_id: context.clientId,
        episode_id: episode.episodeId,
        event_number: eventNumber,
        side,
        ...cells,
        extra: extraText(extra),
      };
    }),
  );
}
