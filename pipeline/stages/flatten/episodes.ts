import type { AnyRow } from '../../../schemas/column.js';
import { episodes } from '../../../schemas/tables/episodes.js';
import type { Episode } from '../../nbss/episode.js';
import { extraText } from '../../omi-db/extra.js';
import { noteAll, RecordReader, type NbssContext } from './nbss-fields.js';

const reader = new RecordReader(episodes);

/** The row of table `episodes` for an episode. */
export function flattenEpisode(episode: Episode, context: NbssContext): AnyRow {
  const where = () => `episode ${episode.episodeId}`;
  const { cells, extra } = reader.read(episode.record, context, where, episode.blockKeys);
  Object.assign(extra, episode.rest);
  noteAll(context, episodes.name, episode.unknownKeys);
  return {
    client_id: context.clientId,
    episode_id: episode.episodeId,
    ...cells,
    extra: extraText(extra),
  };
}
