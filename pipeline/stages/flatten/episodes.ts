import type { AnyRow } from '../../../schemas/column.js';
import { episodes } from '../../../schemas/tables/episodes.js';
import type { Episode } from '../../nbss/episode.js';
import { RecordReader, type NbssContext } from './nbss-fields.js';

const reader = new RecordReader(episodes);

/** The row of table `episodes` for an episode. */
export function flattenEpisode(episode: Episode, context: NbssContext): AnyRow {
  return reader.row(episode.record, context, {
    keys: { client_id: context.clientId, episode_id: episode.episodeId },
    where: () => `episode ${episode.episodeId}`,
    handled: episode.blockKeys,
    leftover: episode,
  });
}
